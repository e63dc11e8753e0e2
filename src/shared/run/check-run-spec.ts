import type { Facts } from '../errors'
import type { MountSpec, PortSpec, RunSpec } from '../model/run-spec'
import { isAddress } from './address'
import type { ReferenceProblem } from './reference'
import { parseReference } from './reference'

export const fieldProblemCodes = [
  'name.bad',
  'command.nul',
  'env.name', // empty, or with `=` or NUL: facts: name
  'env.nul', // facts: name
  'label.name',
  'port.range', // facts: port
  'port.ip', // facts: ip
  'port.duplicate', // the same host port twice: facts: port
  'port.network-mode', // host, none and container: networks publish nothing: facts: network
  'mount.target', // not absolute, or `/`: facts: target
  'mount.target-duplicate', // facts: target
  'mount.source-missing',
  'mount.source-relative', // facts: source
  'mount.source-nul',
  'mount.volume-name', // facts: source
  'mount.tmpfs-size',
  'network.alias', // aliases need a network of one's own
  'network.hostname', // a container: network brings its own name
  'hostname.bad',
  'workdir.relative',
  'restart.auto-remove', // --restart and --rm exclude each other
  'restart.retries', // only on-failure counts
  'memory.too-small', // facts: minimumBytes
  'cpus.bad',
  'health.command', // times without a command that an image could have
  'health.time', // facts: minimumMs
  'capability.bad', // facts: capability
  'device.bad', // facts: device
  'host.bad', // facts: host
  'dns.bad', // facts: address
  'stop-signal.bad', // facts: signal
  'platform.bad', // facts: platform
] as const
export type FieldProblemCode = (typeof fieldProblemCodes)[number] | ReferenceProblem

export interface FieldProblem {
  /** Where in the spec: `image`, `ports.0.hostPort`, `mounts.2.target`. */
  readonly path: string
  readonly code: FieldProblemCode
  readonly facts: Facts
}

/** The engine's own floor (`linuxMinMemory`). */
export const minimumMemoryBytes = 6 * 1024 * 1024

type Found = (path: string, code: FieldProblemCode, facts?: Facts) => void
type Check = (spec: RunSpec, found: Found) => void

/** All that is wrong with a spec and can be known without asking an engine, in the order of the form. */
export function checkRunSpec(spec: RunSpec): FieldProblem[] {
  const problems: FieldProblem[] = []
  const found: Found = (path, code, facts = {}) => void problems.push({ path, code, facts })
  for (const check of checks) check(spec, found)
  return problems
}

const image: Check = (spec, found) => {
  // An id is as good as a name for an image that is there.
  if (/^(sha256:)?[a-f0-9]{64}$/.test(spec.image)) return
  const parsed = parseReference(spec.image)
  if (!parsed.ok) found('image', parsed.problem, { image: spec.image.slice(0, 256) })
}

const names: Check = (spec, found) => {
  if (spec.name !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(spec.name))
    found('name', 'name.bad', { name: spec.name })
  if (spec.hostname !== '' && !isHostname(spec.hostname))
    found('hostname', 'hostname.bad', { name: spec.hostname })
  if (spec.workdir !== '' && !/^([/$]|[A-Za-z]:[\\/])/.test(spec.workdir))
    found('workdir', 'workdir.relative')
  if (spec.platform !== '' && !/^[a-z0-9]+(\/[a-z0-9_]+){0,2}$/.test(spec.platform))
    found('platform', 'platform.bad', { platform: spec.platform })
}

const isHostname = (name: string): boolean =>
  name.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9_-]+)*\.?$/.test(name)

const commands: Check = (spec, found) => {
  for (const [i, word] of spec.command.entries())
    if (word.includes('\0')) found(`command.${i}`, 'command.nul')
  for (const [i, word] of (spec.entrypoint ?? []).entries())
    if (word.includes('\0')) found(`entrypoint.${i}`, 'command.nul')
}

const environment: Check = (spec, found) => {
  for (const [i, { name, value }] of spec.env.entries()) {
    if (name === '' || /[=\0]/.test(name)) found(`env.${i}.name`, 'env.name', { name })
    if (value.includes('\0')) found(`env.${i}.value`, 'env.nul', { name })
  }
  for (const [i, { name }] of spec.labels.entries())
    if (name === '' || name.includes('\0')) found(`labels.${i}.name`, 'label.name', { name })
}

const ports: Check = (spec, found) => {
  const mode = networkModeOf(spec.network)
  const publishes = spec.ports.length > 0 || spec.publishAll
  if (publishes && mode !== 'own') found('ports', 'port.network-mode', { network: spec.network })
  const seen: PortSpec[] = []
  for (const [i, port] of spec.ports.entries()) {
    checkPort(port, `ports.${i}`, found)
    if (port.hostPort === undefined) continue
    if (seen.some((other) => isSameDoor(other, port)))
      found(`ports.${i}.hostPort`, 'port.duplicate', { port: port.hostPort })
    seen.push(port)
  }
}

function checkPort(port: PortSpec, path: string, found: Found): void {
  for (const key of ['containerPort', 'hostPort'] as const) {
    const value = port[key]
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= 65_535))
      found(`${path}.${key}`, 'port.range', { port: value })
  }
  if (port.hostIp && !isAddress(port.hostIp)) found(`${path}.hostIp`, 'port.ip', { ip: port.hostIp })
}

const anywhere = new Set(['', '0.0.0.0', '::'])
function isSameDoor(a: PortSpec, b: PortSpec): boolean {
  if (a.hostPort !== b.hostPort || a.protocol !== b.protocol) return false
  const [x, y] = [a.hostIp ?? '', b.hostIp ?? '']
  return x === y || anywhere.has(x) || anywhere.has(y)
}

function networkModeOf(network: string): 'own' | 'shared' | 'container' {
  if (network.startsWith('container:')) return 'container'
  return network === 'host' || network === 'none' ? 'shared' : 'own'
}

const networks: Check = (spec, found) => {
  checkMode(spec, found)
  for (const [i, host] of spec.extraHosts.entries())
    if (!isHost(host)) found(`extraHosts.${i}`, 'host.bad', { host })
  for (const [i, address] of spec.dns.entries())
    if (!isAddress(address)) found(`dns.${i}`, 'dns.bad', { address })
}

function isHost(text: string): boolean {
  const address = /^[^:\s]+:(.+)$/.exec(text)?.[1] ?? ''
  return address === 'host-gateway' || isAddress(address)
}

function checkMode(spec: RunSpec, found: Found): void {
  const mode = networkModeOf(spec.network)
  const isPlain = ['', 'default', 'bridge'].includes(spec.network)
  if (spec.networkAliases.length > 0 && (isPlain || mode !== 'own')) found('networkAliases', 'network.alias')
  if (mode === 'container' && spec.hostname !== '') found('hostname', 'network.hostname')
}

const mounts: Check = (spec, found) => {
  const targets = new Set<string>()
  for (const [i, mount] of spec.mounts.entries()) {
    const target = mount.target.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')
    if (!target.startsWith('/') || target === '/' || target.includes('\0'))
      found(`mounts.${i}.target`, 'mount.target', { target: mount.target })
    else if (targets.has(target)) found(`mounts.${i}.target`, 'mount.target-duplicate', { target })
    targets.add(target)
    checkSource(mount, `mounts.${i}`, found)
  }
}

function checkSource(mount: MountSpec, path: string, found: Found): void {
  const { source } = mount
  if (source.includes('\0')) return found(`${path}.source`, 'mount.source-nul')
  if (mount.tmpfsBytes !== undefined && mount.type !== 'tmpfs')
    found(`${path}.tmpfsBytes`, 'mount.tmpfs-size')
  if (mount.type === 'bind' && source === '') found(`${path}.source`, 'mount.source-missing')
  else if (mount.type === 'bind' && !/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(source))
    found(`${path}.source`, 'mount.source-relative', { source })
  else if (mount.type === 'volume' && source !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source))
    found(`${path}.source`, 'mount.volume-name', { source })
}

const lifetime: Check = (spec, found) => {
  if (spec.autoRemove && spec.restart.policy !== 'no') found('restart', 'restart.auto-remove')
  if (spec.restart.maxRetries !== undefined && spec.restart.policy !== 'on-failure')
    found('restart.maxRetries', 'restart.retries')
  if (spec.stopSignal !== '' && !/^([A-Z0-9+]+|\d+)$/i.test(spec.stopSignal))
    found('stopSignal', 'stop-signal.bad', { signal: spec.stopSignal })
}

const limits: Check = (spec, found) => {
  const { memoryBytes: memory, cpus } = spec
  // 0 is the engine's word for no limit.
  if (memory !== undefined && memory !== 0 && memory < minimumMemoryBytes)
    found('memoryBytes', 'memory.too-small', { minimumBytes: minimumMemoryBytes })
  // Below 0.01 the kernel's quota has no such step.
  if (cpus !== undefined && cpus !== 0 && !(cpus >= 0.01 && cpus <= 4096)) found('cpus', 'cpus.bad', { cpus })
}

const health: Check = ({ health: spec }, found) => {
  if (!spec || spec.disable) return
  if (spec.command.includes('\0')) found('health.command', 'health.command')
  for (const key of ['intervalS', 'timeoutS', 'startPeriodS'] as const) {
    const seconds = spec[key]
    if (seconds !== undefined && seconds !== 0 && seconds < 0.001)
      found(`health.${key}`, 'health.time', { minimumMs: 1 })
  }
}

const security: Check = (spec, found) => {
  for (const key of ['capAdd', 'capDrop'] as const)
    for (const [i, capability] of spec[key].entries())
      if (!/^[A-Za-z_0-9]+$/.test(capability)) found(`${key}.${i}`, 'capability.bad', { capability })
  for (const [i, device] of spec.devices.entries())
    if (!isDevice(device)) found(`devices.${i}`, 'device.bad', { device })
}

function isDevice(text: string): boolean {
  const [host = '', ...rest] = text.split(':')
  const permissions = rest.at(-1)
  const isLast = permissions !== undefined && /^[rwm]{1,3}$/.test(permissions)
  const paths = isLast ? rest.slice(0, -1) : rest
  return host.startsWith('/') && paths.length <= 1 && paths.every((path) => path.startsWith('/'))
}

const checks: readonly Check[] = [
  image,
  names,
  commands,
  environment,
  ports,
  networks,
  mounts,
  lifetime,
  limits,
  health,
  security,
]
