import type { HealthSpec, MountSpec, RunSpec } from '../model/run-spec'
import type {
  CreateBody,
  EngineDevice,
  EngineMount,
  HostConfig,
  Healthcheck,
  PortBinding,
} from './engine-container'

/**
 * The body of `POST /containers/create` for a spec: what the docker command would send. Binds and named
 * volumes go as `Binds`, so that a missing host folder is made as `docker run -v` makes it.
 */
export function specToCreateBody(spec: RunSpec): CreateBody {
  const ports = spec.ports.map((port) => `${port.containerPort}/${port.protocol}`)
  return {
    Image: spec.image,
    ...(spec.command.length > 0 && { Cmd: spec.command }),
    // One empty word is the engine's way to say: none, not the image's.
    ...(spec.entrypoint && { Entrypoint: spec.entrypoint.length > 0 ? spec.entrypoint : [''] }),
    Env: spec.env.map(({ name, value }) => `${name}=${value}`),
    Labels: Object.fromEntries(spec.labels.map(({ name, value }) => [name, value])),
    ...(spec.hostname && { Hostname: spec.hostname }),
    ...(spec.user && { User: spec.user }),
    ...(spec.workdir && { WorkingDir: spec.workdir }),
    Tty: spec.tty,
    OpenStdin: spec.stdin,
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    Volumes: Object.fromEntries(spec.mounts.filter(isAnonymous).map((mount) => [mount.target, {}])),
    ...(spec.stopSignal && { StopSignal: spec.stopSignal }),
    ...(spec.stopTimeoutS !== undefined && { StopTimeout: spec.stopTimeoutS }),
    ...(spec.health && { Healthcheck: healthcheck(spec.health) }),
    HostConfig: hostConfig(spec),
    NetworkingConfig: {
      EndpointsConfig:
        spec.network && spec.networkAliases.length > 0
          ? { [spec.network]: { Aliases: spec.networkAliases } }
          : {},
    },
  }
}

function hostConfig(spec: RunSpec): HostConfig {
  return {
    ...mountsOf(spec.mounts),
    PortBindings: portBindings(spec),
    PublishAllPorts: spec.publishAll,
    ...(spec.network && { NetworkMode: spec.network }),
    RestartPolicy: { Name: spec.restart.policy, MaximumRetryCount: spec.restart.maxRetries ?? 0 },
    AutoRemove: spec.autoRemove,
    ...(spec.init && { Init: true }),
    ...(spec.memoryBytes !== undefined && { Memory: spec.memoryBytes }),
    ...(spec.cpus !== undefined && { NanoCpus: Math.round(spec.cpus * 1e9) }),
    ...(spec.shmBytes !== undefined && { ShmSize: spec.shmBytes }),
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.readOnly,
    CapAdd: spec.capAdd,
    CapDrop: spec.capDrop,
    SecurityOpt: spec.securityOpt,
    Devices: spec.devices.map(device),
    ExtraHosts: spec.extraHosts,
    Dns: spec.dns,
  }
}

const isAnonymous = (mount: MountSpec): boolean => mount.type === 'volume' && !mount.source && !mount.readOnly
const hasColon = (mount: MountSpec): boolean => /:/.test(mount.source + mount.target)

function mountsOf(mounts: readonly MountSpec[]): Pick<HostConfig, 'Binds' | 'Mounts' | 'Tmpfs'> {
  const tmpfs = mounts.filter((mount) => mount.type === 'tmpfs')
  const rest = mounts.filter((mount) => mount.type !== 'tmpfs' && !isAnonymous(mount))
  // Binds are split at colons, and cannot say read-only without a source.
  const isLong = (mount: MountSpec): boolean => !mount.source || hasColon(mount)
  return {
    Binds: rest
      .filter((mount) => !isLong(mount))
      .map((mount) => `${mount.source}:${mount.target}${mount.readOnly ? ':ro' : ''}`),
    Mounts: rest.filter(isLong).map((mount): EngineMount => ({
      Type: mount.type,
      ...(mount.source && { Source: mount.source }),
      Target: mount.target,
      ReadOnly: mount.readOnly,
    })),
    Tmpfs: Object.fromEntries(tmpfs.map((mount) => [mount.target, tmpfsOptions(mount)])),
  }
}

const tmpfsOptions = (mount: MountSpec): string =>
  [
    ...(mount.readOnly ? ['ro'] : []),
    ...(mount.tmpfsBytes === undefined ? [] : [`size=${mount.tmpfsBytes}`]),
  ].join(',')

function portBindings(spec: RunSpec): Record<string, PortBinding[]> {
  const bindings: Record<string, PortBinding[]> = {}
  for (const port of spec.ports)
    (bindings[`${port.containerPort}/${port.protocol}`] ??= []).push({
      HostIp: port.hostIp ?? '',
      HostPort: port.hostPort === undefined ? '' : String(port.hostPort),
    })
  return bindings
}

/** `/dev/host[:/dev/container][:rwm]` */
function device(text: string): EngineDevice {
  const [host = '', ...rest] = text.split(':')
  const last = rest.at(-1) ?? ''
  const permissions = /^[rwm]{1,3}$/.test(last) ? last : 'rwm'
  const inside = rest.find((part) => part.startsWith('/')) ?? host
  return { PathOnHost: host, PathInContainer: inside, CgroupPermissions: permissions }
}

function healthcheck(spec: HealthSpec): Healthcheck {
  if (spec.disable) return { Test: ['NONE'] }
  const nanos = (seconds: number | undefined): number => Math.round((seconds ?? 0) * 1e9)
  return {
    ...(spec.command && { Test: ['CMD-SHELL', spec.command] }),
    Interval: nanos(spec.intervalS),
    Timeout: nanos(spec.timeoutS),
    StartPeriod: nanos(spec.startPeriodS),
    Retries: spec.retries ?? 0,
  }
}
