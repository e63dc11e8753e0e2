import type { HostConfig, InspectedContainer, OtherHostConfig } from './engine-container'
import { isHeld, parseTmpfs, parseVolume } from './mount-text'

/** A flag of `docker run` and its value, or a flag alone. */
export type Flag = readonly string[]

const gib = 1024 ** 3

/** What Podman gives a container that was asked for nothing, as `podman inspect` tells it. */
const ofPodman = {
  annotations:
    /^(io\.(container\.manager|podman\.|kubernetes\.cri-o\.)|org\.(opencontainers\.image|systemd\.property)\.)/,
  slices: ['user.slice', 'machine.slice', 'libpod_parent'],
  logs: 'journald',
  runtimes: ['crun', 'oci'],
}

const ownAnnotations = ({ Annotations: all }: OtherHostConfig): Record<string, string> =>
  Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => !ofPodman.annotations.test(name)))

/** What of a container a `RunSpec` does not hold, as `docker run` says it. What equals the engine's own is left out. */
export function otherFlags(container: InspectedContainer): readonly Flag[] {
  const { Config: config, HostConfig: host } = container
  return [
    ...text('--domainname', config.Domainname),
    ...text('--mac-address', config.MacAddress),
    ...addresses(container),
    ...many('--dns-option', host.DnsOptions),
    ...many('--dns-search', host.DnsSearch),
    ...many('--link', host.Links?.map(linkOf)),
    ...many('--group-add', host.GroupAdd),
    ...many(
      '-v',
      host.Binds?.filter((bind) => !isHeld(parseVolume, bind)),
    ),
    ...many(
      '--tmpfs',
      Object.entries(host.Tmpfs ?? {})
        .filter(([, options]) => !isHeld(parseTmpfs, `/x:${options}`))
        .map(([target, options]) => `${target}:${options}`),
    ),
    ...many('--volumes-from', host.VolumesFrom),
    ...pairs('--sysctl', host.Sysctls),
    ...pairs('--annotation', ownAnnotations(host)),
    ...pairs('--storage-opt', host.StorageOpt),
    ...many(
      '--ulimit',
      host.Ulimits?.filter(({ Name }) => !Name.startsWith('RLIMIT_')).map(
        ({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`,
      ),
    ),
    ...resources(host),
    ...namespaces(host),
    ...logging(host),
    ...many('--gpus', host.DeviceRequests?.flatMap(gpusOf)),
    ...many('--device-cgroup-rule', host.DeviceCgroupRules),
  ]
}

const text = (flag: string, value: string | null | undefined): Flag[] => (value ? [[flag, value]] : [])
const count = (flag: string, value: number | null | undefined): Flag[] =>
  value ? [[flag, String(value)]] : []
const many = (flag: string, values: readonly string[] | null | undefined): Flag[] =>
  (values ?? []).map((value) => [flag, value])
const pairs = (flag: string, record: Readonly<Record<string, string>> | null | undefined): Flag[] =>
  Object.entries(record ?? {}).map(([name, value]) => [flag, `${name}=${value}`])

/** Those that were asked for; the engine gives others by itself. */
function addresses({ HostConfig: host, NetworkSettings: settings }: InspectedContainer): Flag[] {
  const asked = settings?.Networks?.[host.NetworkMode ?? '']?.IPAMConfig
  return [
    ...text('--ip', asked?.IPv4Address),
    ...text('--ip6', asked?.IPv6Address),
    ...many('--link-local-ip', asked?.LinkLocalIPs),
  ]
}

/** The networks besides the one that the container was made with. */
export function otherNetworks({ HostConfig: host, NetworkSettings: settings }: InspectedContainer): string[] {
  const { NetworkMode: mode = '' } = host
  const first = ['', 'default'].includes(mode) ? ['bridge', 'podman'] : [mode]
  return Object.entries(settings?.Networks ?? {})
    .filter(([name, joined]) => !first.includes(name) && (joined?.NetworkID ?? '') !== mode)
    .map(([name]) => name)
}

/** The engine tells `/db:/web/db`: the other's name, and the alias below one's own. */
function linkOf(link: string): string {
  const [other = '', own = ''] = link.split(':')
  return `${other.replace(/^\//, '')}:${own.slice(own.lastIndexOf('/') + 1)}`
}

function resources(host: HostConfig & OtherHostConfig): Flag[] {
  const { Memory: memory = 0, MemorySwap: swap = 0 } = host
  return [
    // Twice the memory is what the engine takes where nothing is said.
    ...(memory > 0 && swap !== 0 && swap !== 2 * memory ? [['--memory-swap', bytes(swap)]] : []),
    ...(host.MemoryReservation ? [['--memory-reservation', bytes(host.MemoryReservation)]] : []),
    ...((host.MemorySwappiness ?? -1) >= 0 ? [['--memory-swappiness', String(host.MemorySwappiness)]] : []),
    ...(host.OomKillDisable ? [['--oom-kill-disable']] : []),
    ...count('--oom-score-adj', host.OomScoreAdj),
    ...count('--pids-limit', (host.PidsLimit ?? 0) > 0 ? host.PidsLimit : undefined),
    ...count('--cpu-shares', host.CpuShares),
    ...text('--cpuset-cpus', host.CpusetCpus),
    ...text('--cpuset-mems', host.CpusetMems),
    ...count('--blkio-weight', host.BlkioWeight),
  ]
}

const bytes = (value: number): string => (value > 0 && value % gib === 0 ? `${value / gib}g` : String(value))

/** A private one is what the engine gives where nothing is said. */
function namespaces(host: HostConfig & OtherHostConfig): Flag[] {
  const shared = (mode = ''): string => (mode === 'host' || mode.startsWith('container:') ? mode : '')
  return [
    ...text('--pid', shared(host.PidMode)),
    ...text('--ipc', host.IpcMode === 'none' ? 'none' : shared(host.IpcMode)),
    ...text('--uts', shared(host.UTSMode)),
    ...text('--userns', shared(host.UsernsMode)),
    ...text('--cgroup-parent', ofPodman.slices.includes(host.CgroupParent ?? '') ? '' : host.CgroupParent),
    ...(['', 'runc', ...ofPodman.runtimes].includes(host.Runtime ?? '')
      ? []
      : text('--runtime', host.Runtime)),
  ]
}

/** The driver that Docker has where nothing is configured goes without saying, as long as it has no options. */
function logging({ LogConfig: config }: OtherHostConfig): Flag[] {
  const options = pairs('--log-opt', config?.Config)
  const isDefault = config?.Type === 'json-file' || config?.Type === ofPodman.logs
  if (!config?.Type || (isDefault && options.length === 0)) return []
  return [['--log-driver', config.Type], ...options]
}

function gpusOf(request: NonNullable<OtherHostConfig['DeviceRequests']>[number]): string[] {
  if (!request.Capabilities?.some((all) => all.includes('gpu'))) return []
  const ids = request.DeviceIDs ?? []
  if (ids.length > 0) return [ids.length > 1 ? `"device=${ids.join(',')}"` : `device=${ids.join(',')}`]
  return [(request.Count ?? -1) < 0 ? 'all' : String(request.Count)]
}
