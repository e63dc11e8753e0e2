import type { HealthSpec, MountSpec, PortSpec, RunSpec } from '../model/run-spec'
import { emptyRunSpec } from '../model/run-spec'
import type {
  ContainerConfig,
  EngineDevice,
  Healthcheck,
  HostConfig,
  InspectedContainer,
} from './engine-container'
import { isHeld, parseTmpfs, parseVolume } from './mount-text'
import { quoteShell } from './shell-words'

type Mutable = { -readonly [K in keyof RunSpec]: RunSpec[K] }

/**
 * The spec that makes a container like this one. What equals the image's own configuration, the
 * engine's defaults, or was made up by the engine (the hostname that is the id) is left out.
 */
export function specFromInspect(container: InspectedContainer, imageConfig: ContainerConfig = {}): RunSpec {
  const { Config: config, HostConfig: host } = container
  const own = (key: 'User' | 'WorkingDir' | 'StopSignal', none = ''): string => {
    const value = config[key] ?? ''
    return value === (imageConfig[key] ?? '') || value === none ? '' : value
  }
  return {
    ...emptyRunSpec(config.Image ?? ''),
    name: (container.Name ?? '').replace(/^\//, ''),
    ...startOf(config, imageConfig),
    env: pairs(without(config.Env, imageConfig.Env)),
    labels: Object.entries(config.Labels ?? {})
      .filter(([name, value]) => imageConfig.Labels?.[name] !== value)
      .map(([name, value]) => ({ name, value })),
    user: own('User'),
    workdir: own('WorkingDir', imageConfig.WorkingDir ? '' : '/'),
    stopSignal: own('StopSignal', imageConfig.StopSignal ? '' : 'SIGTERM'),
    tty: config.Tty ?? false,
    stdin: config.OpenStdin ?? false,
    ...networkOf(container),
    ports: portsOf(host),
    publishAll: host.PublishAllPorts ?? false,
    mounts: mountsOf(container, imageConfig),
    ...limitsOf(config, host),
    ...securityOf(host),
    ...healthOf(config, imageConfig),
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const without = (
  all: readonly string[] | null | undefined,
  less: readonly string[] | null | undefined,
): string[] => (all ?? []).filter((item) => !less?.includes(item))

function pairs(entries: readonly string[]): { name: string; value: string }[] {
  return entries.map((entry) => {
    const equals = entry.indexOf('=')
    return equals < 0
      ? { name: entry, value: '' }
      : { name: entry.slice(0, equals), value: entry.slice(equals + 1) }
  })
}

function startOf(config: ContainerConfig, image: ContainerConfig): Pick<RunSpec, 'command' | 'entrypoint'> {
  const command = [...(config.Cmd ?? [])]
  const entrypoint = (config.Entrypoint ?? []).filter((word) => word !== '')
  if (same(entrypoint, image.Entrypoint ?? []))
    return { command: same(command, image.Cmd ?? []) ? [] : command }
  return { entrypoint, command }
}

function networkOf(container: InspectedContainer): Partial<RunSpec> {
  const host = container.HostConfig
  const mode = host.NetworkMode ?? ''
  const network = ['default', 'bridge', 'slirp4netns', 'pasta'].includes(mode) ? '' : mode
  return {
    network,
    hostname: hostnameOf(container, network),
    networkAliases: aliasesOf(container, network),
    extraHosts: [...(host.ExtraHosts ?? [])],
    dns: [...(host.Dns ?? [])],
  }
}

function hostnameOf(container: InspectedContainer, network: string): string {
  const hostname = container.Config.Hostname ?? ''
  const isOwn = network !== 'host' && !network.startsWith('container:')
  return isOwn && hostname !== container.Id.slice(0, 12) ? hostname : ''
}

/** The engine adds the short id, and Compose the name, by themselves. */
function aliasesOf(container: InspectedContainer, network: string): string[] {
  const aliases = container.NetworkSettings?.Networks?.[network]?.Aliases ?? []
  const name = (container.Name ?? '').replace(/^\//, '')
  return aliases.filter((alias) => alias !== container.Id.slice(0, 12) && alias !== name)
}

const protocolOf = (text: string | undefined): PortSpec['protocol'] =>
  text === 'udp' || text === 'sctp' ? text : 'tcp'

function portsOf(host: HostConfig): PortSpec[] {
  return Object.entries(host.PortBindings ?? {}).flatMap(([key, bindings]) => {
    const [port, protocol] = key.split('/')
    const base = {
      containerPort: Number(port),
      protocol: protocolOf(protocol),
    }
    return (bindings ?? []).map((binding) => ({
      ...base,
      ...(Number(binding.HostPort) > 0 && { hostPort: Number(binding.HostPort) }),
      ...(binding.HostIp && { hostIp: binding.HostIp }),
    }))
  })
}

const ignore = (): void => undefined

function mountsOf(container: InspectedContainer, image: ContainerConfig): MountSpec[] {
  const { Config: config, HostConfig: host } = container
  // The others are told as flags, with all their options.
  const binds = (host.Binds ?? [])
    .filter((bind) => isHeld(parseVolume, bind))
    .map((bind) => parseVolume(bind, ignore))
  const tmpfs = Object.entries(host.Tmpfs ?? {})
    .filter(([, options]) => isHeld(parseTmpfs, `/x:${options}`))
    .map(([target, options]) => ({ ...(parseTmpfs(`/x:${options}`, ignore) as MountSpec), target }))
  const long = (host.Mounts ?? []).map((mount): MountSpec | undefined => {
    const { Type: type, TmpfsOptions: options } = mount
    if (type !== 'bind' && type !== 'volume' && type !== 'tmpfs') return undefined
    return {
      type,
      source: mount.Source ?? '',
      target: mount.Target,
      readOnly: mount.ReadOnly ?? false,
      ...(options?.SizeBytes && { tmpfsBytes: options.SizeBytes }),
    }
  })
  const named = [...binds, ...long, ...tmpfs].filter((mount) => mount !== undefined)
  const bound = (host.Binds ?? []).map((bind) => parseVolume(bind, ignore)?.target)
  const taken = new Set([...named.map((mount) => mount.target), ...bound, ...Object.keys(host.Tmpfs ?? {})])
  const anonymous = Object.keys(config.Volumes ?? {})
    .filter((target) => !taken.has(target) && !image.Volumes?.[target])
    .map((target): MountSpec => ({ type: 'volume', source: '', target, readOnly: false }))
  return [...named, ...anonymous]
}

/** The engine's default for /dev/shm. */
const defaultShmBytes = 64 * 1024 * 1024

function limitsOf(config: ContainerConfig, host: HostConfig): Partial<RunSpec> {
  const limits: Partial<Mutable> = {
    restart: restartOf(host),
    autoRemove: host.AutoRemove ?? false,
    init: host.Init ?? false,
  }
  if (host.Memory) limits.memoryBytes = host.Memory
  const cpus = host.NanoCpus ? host.NanoCpus / 1e9 : (host.CpuQuota ?? 0) / (host.CpuPeriod || 100_000)
  if (cpus > 0) limits.cpus = cpus
  if (host.ShmSize && host.ShmSize !== defaultShmBytes) limits.shmBytes = host.ShmSize
  if (typeof config.StopTimeout === 'number' && config.StopTimeout >= 0)
    limits.stopTimeoutS = config.StopTimeout
  return limits
}

function restartOf(host: HostConfig): RunSpec['restart'] {
  const { Name: policy, MaximumRetryCount: count } = host.RestartPolicy ?? {}
  if (policy === 'on-failure') return count ? { policy, maxRetries: count } : { policy }
  return { policy: policy === 'always' || policy === 'unless-stopped' ? policy : 'no' }
}

function securityOf(host: HostConfig): Partial<RunSpec> {
  const isPrivileged = host.Privileged ?? false
  return {
    privileged: isPrivileged,
    readOnly: host.ReadonlyRootfs ?? false,
    capAdd: [...(host.CapAdd ?? [])],
    capDrop: [...(host.CapDrop ?? [])],
    // The engine adds this one to whatever is privileged.
    securityOpt: (host.SecurityOpt ?? []).filter((opt) => !(isPrivileged && opt === 'label=disable')),
    devices: (host.Devices ?? []).map(deviceText),
  }
}

function deviceText(device: EngineDevice): string {
  const { PathOnHost: outside, PathInContainer: inside, CgroupPermissions: permissions } = device
  if (permissions !== 'rwm') return `${outside}:${inside}:${permissions}`
  return inside === outside ? outside : `${outside}:${inside}`
}

const healthTimes = [
  ['intervalS', 'Interval'],
  ['timeoutS', 'Timeout'],
  ['startPeriodS', 'StartPeriod'],
] as const

function healthOf(config: ContainerConfig, image: ContainerConfig): { health?: HealthSpec } {
  const check = config.Healthcheck
  const base = image.Healthcheck ?? {}
  if (!check || same(check, image.Healthcheck)) return {}
  if (check.Test?.[0] === 'NONE') return { health: { command: '', disable: true } }
  const health: HealthSpec = { command: same(check.Test, base.Test) ? '' : commandOf(check), disable: false }
  for (const [key, name] of healthTimes)
    if (check[name] && check[name] !== base[name]) health[key] = check[name] / 1e9
  if (check.Retries && check.Retries !== base.Retries) health.retries = check.Retries
  return { health }
}

function commandOf(check: Healthcheck): string {
  const [kind, ...words] = check.Test ?? []
  return kind === 'CMD' ? words.map(quoteShell).join(' ') : (words[0] ?? '')
}
