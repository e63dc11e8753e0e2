import type { PublishedPort } from '../../../shared/model'

/** A published or exposed port, as it is shown; the same port on IPv4 and IPv6 is one. */
export interface ShownPort {
  /** `8080:80`, `127.0.0.1:8080:80/udp`, or `80/tcp` for one that is exposed only. */
  readonly text: string
  /** The same without the address of the host: what counts stands first and is not cut off. */
  readonly short: string
  /** Absent where a browser could not open it. */
  readonly url?: string
  readonly hostPort?: number
}

const everywhere = new Set(['', '0.0.0.0', '::', '[::]'])
const isLoopback = (ip: string): boolean => ip === '::1' || ip === 'localhost' || ip.startsWith('127.')

/**
 * @param engineHost the host that an engine's published ports are reached at: `localhost` for a local
 * one, the host of its address for a remote one.
 */
export function shownPorts(ports: readonly PublishedPort[], engineHost: string): readonly ShownPort[] {
  const seen = new Map<string, ShownPort>()
  const order = (port: PublishedPort): number => (port.hostPort === undefined ? 1 : 0)
  const sorted = [...ports].sort((a, b) => order(a) - order(b) || a.containerPort - b.containerPort)
  for (const port of sorted) {
    const text = textOf(port)
    if (!seen.has(text)) seen.set(text, toShown(port, text, engineHost))
  }
  return [...seen.values()]
}

function toShown(port: PublishedPort, text: string, engineHost: string): ShownPort {
  const short = textOf({ ...port, hostIp: '' })
  if (port.hostPort === undefined) return { text, short }
  const url = urlOf(port, engineHost)
  return { text, short, hostPort: port.hostPort, ...(url !== undefined && { url }) }
}

function textOf(port: PublishedPort): string {
  const tail = port.protocol === 'tcp' ? '' : `/${port.protocol}`
  if (port.hostPort === undefined) return `${port.containerPort}/${port.protocol}`
  const ip = port.hostIp ?? ''
  const where = everywhere.has(ip) ? '' : `${ip.includes(':') ? `[${ip}]` : ip}:`
  return `${where}${port.hostPort}:${port.containerPort}${tail}`
}

/** A remote engine's loopback is not ours: such a port has no address here. */
function urlOf(port: PublishedPort, engineHost: string): string | undefined {
  if (port.protocol !== 'tcp' || port.hostPort === undefined) return undefined
  const ip = port.hostIp ?? ''
  if (isLoopback(ip) && !isLoopback(engineHost)) return undefined
  const host = everywhere.has(ip) ? engineHost : ip
  const scheme = port.containerPort === 443 || port.containerPort === 8443 ? 'https' : 'http'
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port.hostPort}/`
  return URL.canParse(url) ? url : undefined
}

/** From an engine's address as a person would type it: `unix:///…` is here, `tcp://host:2376` is there. */
export function hostOf(address: string): string {
  const found = /^(?:tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(address)
  return found?.[1]?.replace(/^\[|\]$/g, '') ?? 'localhost'
}
