/** From what a person wrote to what is connected: names, ports, keys, and the hosts on the way. */
import { userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { atHome, valuesFor, type ConfigFile, type HostValues } from './ssh-config'

export interface SshAddress {
  readonly host: string
  readonly user?: string
  readonly port?: number
  /** A private key file to try before all others. */
  readonly identityFile?: string
}

/** One host on the way, the last one being the goal. */
export interface Hop {
  /** `user@host:port`: for people and for the names of questions. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Where its key stands in `known_hosts`. */
  readonly keyPlace: { readonly host: string; readonly port: number }
  readonly identityFiles: readonly string[]
  /** Only the named keys, also from the agent: a server counts each key that it is offered. */
  readonly identitiesOnly: boolean
  /** Path of the agent's socket, or `none`. Absent: as the environment says. */
  readonly identityAgent?: string
  readonly knownHostsFiles: readonly string[]
  readonly isHashed: boolean
  readonly connectMs?: number
  /** A program whose stdin and stdout are the road. */
  readonly proxyCommand?: string
}

export interface PlanPlace {
  readonly files: readonly ConfigFile[]
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const maxHops = 8

/** All hosts on the way, in the order in which they are connected. Throws `ssh.config`. */
export function planHops(address: SshAddress, place: PlanPlace, depth = 0): Hop[] {
  if (depth > maxHops)
    throw new AppError('ssh.config', 'Jump hosts go round', { facts: { path: configPath(place) } })
  const asked = {
    host: address.host,
    localUser: userInfo().username,
    ...(address.user && { user: address.user }),
  }
  const values = valuesFor(place.files, asked)
  const hop = hopOf(address, values, place)
  const jump = values.get('proxyjump')?.join('')
  if (!jump || jump.toLowerCase() === 'none') return [hop]
  const jumps = jump.split(',').map((text) => parseJump(text, place))
  // Just the first has a way of its own; each next one is reached through the one before it.
  const [first, ...others] = jumps
  const rest = others.map((each) => planHops(each, place, depth + 1).at(-1) as Hop)
  return [...(first ? planHops(first, place, depth + 1) : []), ...rest, hop]
}

const configPath = ({ home }: PlanPlace): string => join(home, '.ssh', 'config')

/** `[user@]host[:port]` or `ssh://…`. */
export function parseJump(text: string, place: PlanPlace): SshAddress {
  const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(\[[0-9A-Fa-f:.%]+\]|[^:\s[\]]+)(?::(\d{1,5}))?\/?$/.exec(
    text.trim(),
  )
  const host = match?.[2]?.replace(/^\[|\]$/g, '')
  if (!match || !host)
    throw new AppError('ssh.config', `${text} is no jump host`, {
      facts: { path: configPath(place), problem: text.slice(0, 200) },
    })
  return { host, ...(match[1] && { user: match[1] }), ...(match[3] && { port: Number(match[3]) }) }
}

function hopOf(address: SshAddress, values: HostValues, place: PlanPlace): Hop {
  const one = (keyword: string): string | undefined => values.get(keyword)?.[0]
  const host = (one('hostname') ?? address.host).replaceAll('%h', address.host)
  const port = portOf(address.port ?? Number(one('port') ?? 22), place)
  const user = address.user ?? one('user') ?? userInfo().username
  const expand = expander({ host, port, user, original: address.host }, place)
  const alias = one('hostkeyalias')
  return {
    name: `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...{ host, port, user },
    // An alias stands there without a port, whatever the port is.
    keyPlace: alias === undefined ? { host, port } : { host: alias, port: 22 },
    identityFiles: identityFiles(address, values).map(expand),
    identitiesOnly: address.identityFile === undefined ? isYes(one('identitiesonly')) : true,
    knownHostsFiles: knownHostsFiles(values).map(expand),
    isHashed: isYes(one('hashknownhosts')),
    ...waysOf(one, expand),
  }
}

type WayOptions = Pick<Hop, 'identityAgent' | 'connectMs' | 'proxyCommand'>

function waysOf(one: (keyword: string) => string | undefined, expand: (text: string) => string): WayOptions {
  const agent = one('identityagent')
  const timeoutSeconds = Number(one('connecttimeout'))
  const command = one('proxycommand')
  return {
    ...(agent !== undefined && agent !== 'SSH_AUTH_SOCK' && { identityAgent: expand(agent) }),
    ...(timeoutSeconds > 0 && { connectMs: timeoutSeconds * 1000 }),
    ...(command && command.toLowerCase() !== 'none' && { proxyCommand: expand(command) }),
  }
}

function portOf(port: number, place: PlanPlace): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new AppError('ssh.config', 'A port is a number up to 65535', {
    facts: { path: configPath(place), problem: 'Port' },
  })
}

function identityFiles({ identityFile }: SshAddress, values: HostValues): string[] {
  const named = (values.get('identityfile') ?? []).filter((file) => file.toLowerCase() !== 'none')
  if (identityFile !== undefined) return [identityFile]
  return named.length > 0 ? named : usualKeys.map((name) => `~/.ssh/${name}`)
}

function knownHostsFiles(values: HostValues): string[] {
  const user = values.get('userknownhostsfile') ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']
  const global = values.get('globalknownhostsfile') ?? [
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ]
  return [...user, ...global].filter((file) => file.toLowerCase() !== 'none')
}

const isYes = (value: string | undefined): boolean => /^(yes|true)$/i.test(value ?? '')

/** `~`, `%h` and its like, `${NAME}`: ssh_config(5), TOKENS. */
function expander(
  of: { host: string; port: number; user: string; original: string },
  { home, env }: PlanPlace,
): (text: string) => string {
  const tokens: Record<string, string> = {
    '%': '%',
    d: home,
    h: of.host,
    i: String(process.getuid?.() ?? ''),
    k: of.original,
    n: of.original,
    p: String(of.port),
    r: of.user,
    u: basename(userInfo().username),
  }
  return (text) =>
    atHome(text, home)
      .replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '')
      .replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole)
}
