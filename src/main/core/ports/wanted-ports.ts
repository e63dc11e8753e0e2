import type { Container, PublishedPort } from '../../../shared/model'

/** A port that a container publishes in the machine, as it is to stand on the host. */
export interface WantedPort {
  readonly protocol: 'tcp' | 'udp'
  /** To listen on, on the host. */
  readonly address: string
  readonly port: number
  /** The container's name. */
  readonly container: string
  /** Where it is in the machine: a hypervisor's own forwards only lead to the machine's own address. */
  readonly guest: { readonly host: string; readonly port: number; readonly isOnEveryAddress: boolean }
}

/** Names a listener: no two may stand on one. */
export const keyOf = ({ protocol, address, port }: Omit<WantedPort, 'container' | 'guest'>): string =>
  `${protocol}/${address}/${port}`

/**
 * The listeners that the host is to have for these containers. An address that was asked for is kept. A port without
 * one listens on the host's loopback alone, until the person says that the network may reach it: then on every
 * address, as `docker run -p` does on Linux.
 */
export function wantedPorts(
  containers: readonly Container[],
  { isPublishedToLan }: { isPublishedToLan: boolean },
): Map<string, WantedPort> {
  const wanted = new Map<string, WantedPort>()
  for (const { name, state, ports } of containers) {
    if (state !== 'running' && state !== 'paused') continue
    for (const port of ports) {
      const one = wantedPort(port, { name, isPublishedToLan })
      if (one && !wanted.has(keyOf(one))) wanted.set(keyOf(one), one)
    }
  }
  return wanted
}

function wantedPort(
  { protocol, hostPort, hostIp }: PublishedPort,
  { name, isPublishedToLan }: { name: string; isPublishedToLan: boolean },
): WantedPort | undefined {
  if (hostPort === undefined || hostPort === 0 || protocol === 'sctp') return undefined
  const place = placeOf(hostIp ?? '', isPublishedToLan)
  if (!place) return undefined
  const { address, ...guest } = place
  return { protocol, address, port: hostPort, container: name, guest: { ...guest, port: hostPort } }
}

function placeOf(
  asked: string,
  isPublishedToLan: boolean,
): { address: string; host: string; isOnEveryAddress: boolean } | undefined {
  if (asked === '' || asked === '0.0.0.0')
    return {
      address: isPublishedToLan ? '0.0.0.0' : '127.0.0.1',
      host: '127.0.0.1',
      isOnEveryAddress: true,
    }
  if (asked === '::')
    return { address: isPublishedToLan ? '::' : '::1', host: '::1', isOnEveryAddress: false }
  const isLoopback = asked === '::1' || /^127\.\d+\.\d+\.\d+$/.test(asked)
  // Any other address is one of the machine's own, inside: nothing of the host was asked for.
  return isLoopback ? { address: asked, host: asked, isOnEveryAddress: false } : undefined
}
