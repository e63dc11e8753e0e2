import type { PortSpec } from '../model/run-spec'

const protocols = ['tcp', 'udp', 'sctp'] as const

/**
 * A value of `-p`: `[[ip:][host]:]container[/protocol]`, host and container as a port or a range, an
 * IPv6 address in brackets. `undefined` when it is none. A host range for one container port (the
 * engine picks one of them) has no place in a spec: `undefined` too.
 */
export function parsePublish(text: string): PortSpec[] | undefined {
  if (text.includes('=')) return parseLongPublish(text)
  const slash = text.lastIndexOf('/')
  const protocol = protocolOf(slash < 0 ? 'tcp' : text.slice(slash + 1))
  const parts = splitAddress(slash < 0 ? text : text.slice(0, slash))
  if (!protocol || !parts) return undefined
  const inner = parseRange(parts.container)
  if (!inner || inner.first === 0) return undefined
  const outer = parts.host === '' ? undefined : parseRange(parts.host)
  if (parts.host !== '' && (!outer || outer.last - outer.first !== inner.last - inner.first)) return undefined
  return Array.from({ length: inner.last - inner.first + 1 }, (_, i) => ({
    containerPort: inner.first + i,
    // Port 0 asks the engine for a free one, as leaving it out does.
    ...(outer && outer.first > 0 && { hostPort: outer.first + i }),
    ...(parts.ip !== '' && { hostIp: parts.ip }),
    protocol,
  }))
}

/** `target=80,published=8080,protocol=tcp`: the long form. */
function parseLongPublish(text: string): PortSpec[] | undefined {
  const fields = new Map(text.split(',').map((part) => part.split('=', 2) as [string, string]))
  const known = ['target', 'published', 'protocol', 'mode']
  if ([...fields.keys()].some((key) => !known.includes(key))) return undefined
  const published = fields.get('published')
  return parsePublish(
    `${published === undefined ? '' : `${published}:`}${fields.get('target') ?? ''}/${fields.get('protocol') ?? 'tcp'}`,
  )
}

function protocolOf(text: string): PortSpec['protocol'] | undefined {
  return protocols.find((p) => p === text.toLowerCase())
}

function splitAddress(text: string): { ip: string; host: string; container: string } | undefined {
  const bracket = /^\[([0-9a-fA-F:.%]+)\]:([^:]*):([^:]*)$/.exec(text)
  if (bracket) return { ip: bracket[1] ?? '', host: bracket[2] ?? '', container: bracket[3] ?? '' }
  if (/[[\]]/.test(text)) return undefined
  const parts = text.split(':')
  const container = parts.pop() ?? ''
  const host = parts.pop() ?? ''
  // Older docker took IPv6 without brackets: all but the last two parts.
  return { ip: parts.join(':'), host, container }
}

function parseRange(text: string): { first: number; last: number } | undefined {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  if (!found) return undefined
  const first = Number(found[1])
  const last = Number(found[2] ?? found[1])
  return last >= first && last <= 65_535 ? { first, last } : undefined
}

/** The shortest `-p` value of a port. */
export function formatPublish(port: PortSpec): string {
  const ip = port.hostIp ? (port.hostIp.includes(':') ? `[${port.hostIp}]` : port.hostIp) : ''
  const outer = ip || port.hostPort !== undefined ? `${port.hostPort ?? ''}:` : ''
  const protocol = port.protocol === 'tcp' ? '' : `/${port.protocol}`
  return `${ip ? `${ip}:` : ''}${outer}${port.containerPort}${protocol}`
}
