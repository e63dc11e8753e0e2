import type { HostPort } from '../../../../../shared/model'

const anywhere = new Set(['0.0.0.0', '::', ''])

/** Whether other computers can reach it. */
export const isOnLan = ({ address }: HostPort): boolean =>
  !/^127\./.test(address) && address !== '::1' && address !== 'localhost'

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** `127.0.0.1:8080/tcp` */
export const hostPortText = ({ address, port, protocol }: HostPort): string =>
  `${bracketed(address)}:${port}/${protocol}`

/** Where a browser on this computer finds it; UDP speaks no HTTP. */
export function urlOf(port: HostPort): string | undefined {
  if (port.protocol !== 'tcp' || port.error) return undefined
  const host = anywhere.has(port.address) ? 'localhost' : bracketed(port.address)
  return `http://${host}:${port.port}/`
}
