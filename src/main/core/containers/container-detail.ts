import type {
  ContainerDetail,
  ContainerMount,
  Ending,
  ImageId,
  Json,
  PublishedPort,
} from '../../../shared/model'
import { signalOf } from './exit-signal'
import type { InspectAnswer, InspectState } from './inspect-answer'

/** The engine's inspect answer, sorted for reading. */
export function containerDetail(answer: InspectAnswer): ContainerDetail {
  const health = healthOf(answer)
  return {
    id: answer.Id,
    name: (answer.Name ?? '').replace(/^\//, ''),
    image: answer.Config.Image ?? '',
    imageId: (answer.Image ?? '') as ImageId,
    createdAtMs: timeOf(answer.Created) ?? 0,
    restartCount: answer.RestartCount ?? 0,
    ...stateOf(answer.State ?? {}),
    ...configOf(answer),
    ports: portsOf(answer),
    mounts: mountsOf(answer),
    networks: networksOf(answer),
    ...(health && { health }),
    ...hostOf(answer.HostConfig),
    raw: answer as unknown as Json,
  }
}

type StatePart = Pick<ContainerDetail, 'startedAtMs' | 'running' | 'paused' | 'restarting' | 'pid' | 'ending'>

function stateOf(state: InspectState): StatePart {
  const ending = endingOf(state)
  const startedAtMs = timeOf(state.StartedAt)
  return {
    ...(startedAtMs !== undefined && { startedAtMs }),
    running: state.Running ?? false,
    paused: state.Paused ?? false,
    restarting: state.Restarting ?? false,
    pid: state.Pid ?? 0,
    ...(ending && { ending }),
  }
}

function hostOf(
  host: InspectAnswer['HostConfig'],
): Pick<ContainerDetail, 'limits' | 'privileged' | 'readOnlyRoot'> {
  const quota = (host.CpuQuota ?? 0) / (host.CpuPeriod || 100_000)
  return {
    limits: {
      memoryBytes: host.Memory ?? 0,
      cpus: host.NanoCpus ? host.NanoCpus / 1e9 : Math.max(0, quota),
      pids: Math.max(0, host.PidsLimit ?? 0),
    },
    privileged: host.Privileged ?? false,
    readOnlyRoot: host.ReadonlyRootfs ?? false,
  }
}

type ConfigPart = Pick<
  ContainerDetail,
  | 'tty'
  | 'openStdin'
  | 'entrypoint'
  | 'command'
  | 'workdir'
  | 'user'
  | 'hostname'
  | 'env'
  | 'labels'
  | 'restartPolicy'
  | 'logDriver'
>

function configOf({ Config: config, HostConfig: host }: InspectAnswer): ConfigPart {
  return {
    tty: config.Tty ?? false,
    openStdin: config.OpenStdin ?? false,
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    workdir: config.WorkingDir ?? '',
    user: config.User ?? '',
    hostname: config.Hostname ?? '',
    env: (config.Env ?? []).map(envPair),
    labels: config.Labels ?? {},
    restartPolicy: restartText(host.RestartPolicy),
    logDriver: host.LogConfig?.Type ?? '',
  }
}

function envPair(entry: string): { name: string; value: string } {
  const equals = entry.indexOf('=')
  return equals < 0
    ? { name: entry, value: '' }
    : { name: entry.slice(0, equals), value: entry.slice(equals + 1) }
}

/** As `--restart` takes it. */
function restartText(policy: InspectAnswer['HostConfig']['RestartPolicy']): string {
  const count = policy?.MaximumRetryCount ?? 0
  return `${policy?.Name || 'no'}${count > 0 ? `:${count}` : ''}`
}

/** The engine's zero time is the year 1: it means never. */
function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '')
  return ms > 0 ? ms : undefined
}

/** How the last run ended; nothing while it runs, or when it never ran and nothing went wrong. */
export function endingOf(state: InspectState): Ending | undefined {
  if (state.Running && !state.Restarting) return undefined
  const finishedAtMs = timeOf(state.FinishedAt)
  // One that could not start has an error and no end.
  if (finishedAtMs === undefined && !state.Error) return undefined
  const exitCode = state.ExitCode ?? 0
  const signal = signalOf(exitCode)
  const startedAtMs = timeOf(state.StartedAt)
  const ranMs =
    finishedAtMs === undefined || startedAtMs === undefined ? 0 : Math.max(0, finishedAtMs - startedAtMs)
  return {
    exitCode,
    ...(signal && { signal }),
    oomKilled: state.OOMKilled ?? false,
    error: state.Error ?? '',
    finishedAtMs: finishedAtMs ?? 0,
    ranMs,
  }
}

function portsOf(answer: InspectAnswer): PublishedPort[] {
  const live = answer.NetworkSettings?.Ports ?? {}
  // What was asked for stands here also while the container is stopped.
  const asked = answer.HostConfig.PortBindings ?? {}
  return [...new Set([...Object.keys(live), ...Object.keys(asked)])].flatMap((key) => {
    const [port, protocol] = key.split('/')
    const base = { protocol: protocolOf(protocol), containerPort: Number(port) }
    const bindings = live[key] ?? asked[key] ?? []
    if (bindings.length === 0) return [base]
    return bindings.map((binding) => ({
      ...base,
      ...(Number(binding.HostPort) > 0 && { hostPort: Number(binding.HostPort) }),
      ...(binding.HostIp && { hostIp: binding.HostIp }),
    }))
  })
}

const protocolOf = (text: string | undefined): PublishedPort['protocol'] =>
  text === 'udp' || text === 'sctp' ? text : 'tcp'

const mountTypes = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image'] as const

function mountsOf(answer: InspectAnswer): ContainerMount[] {
  const mounts = (answer.Mounts ?? []).map((mount): ContainerMount => {
    const type = mountTypes.find((known) => known === mount.Type) ?? 'bind'
    const source = (type === 'volume' && mount.Name) || mount.Source || ''
    return { type, source, target: mount.Destination, isReadOnly: mount.RW === false }
  })
  // `--tmpfs` is told apart from the others by the engine.
  const tmpfs = Object.entries(answer.HostConfig.Tmpfs ?? {}).map(([target, options]): ContainerMount => ({
    type: 'tmpfs',
    source: '',
    target,
    isReadOnly: options.split(',').includes('ro'),
  }))
  return [...mounts, ...tmpfs]
}

function networksOf(answer: InspectAnswer): ContainerDetail['networks'] {
  return Object.entries(answer.NetworkSettings?.Networks ?? {}).map(([name, network]) => ({
    name,
    ip: network?.IPAddress ?? '',
    ip6: network?.GlobalIPv6Address ?? '',
    gateway: network?.Gateway ?? '',
    mac: network?.MacAddress ?? '',
    aliases: network?.Aliases ?? [],
  }))
}

function healthOf(answer: InspectAnswer): ContainerDetail['health'] {
  const health = answer.State?.Health
  const test = answer.Config.Healthcheck?.Test ?? []
  if (!health || test[0] === 'NONE') return undefined
  return {
    status: health.Status ?? '',
    failingStreak: health.FailingStreak ?? 0,
    test,
    probes: (health.Log ?? []).map((probe) => ({
      startedAtMs: timeOf(probe.Start) ?? 0,
      endedAtMs: timeOf(probe.End) ?? 0,
      exitCode: probe.ExitCode ?? 0,
      output: probe.Output ?? '',
    })),
  }
}
