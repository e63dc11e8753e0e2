/** The parts of the Engine API's container JSON that a spec is made of and made from (API 1.41). */
export interface ContainerConfig {
  readonly Hostname?: string
  readonly User?: string
  readonly Env?: readonly string[] | null
  readonly Cmd?: readonly string[] | null
  readonly Entrypoint?: readonly string[] | null
  readonly Image?: string
  readonly Labels?: Readonly<Record<string, string>> | null
  readonly ExposedPorts?: Readonly<Record<string, object>> | null
  readonly Volumes?: Readonly<Record<string, object>> | null
  readonly WorkingDir?: string
  readonly Tty?: boolean
  readonly OpenStdin?: boolean
  readonly StopSignal?: string
  readonly StopTimeout?: number | null
  readonly Healthcheck?: Healthcheck | null
}

/** Times in nanoseconds; 0 inherits. `Test` empty inherits, `["NONE"]` switches off. */
export interface Healthcheck {
  readonly Test?: readonly string[] | null
  readonly Interval?: number
  readonly Timeout?: number
  readonly StartPeriod?: number
  readonly Retries?: number
}

export interface HostConfig {
  readonly Binds?: readonly string[] | null
  readonly Mounts?: readonly EngineMount[] | null
  readonly Tmpfs?: Readonly<Record<string, string>> | null
  readonly PortBindings?: Readonly<Record<string, readonly PortBinding[] | null>> | null
  readonly PublishAllPorts?: boolean
  readonly NetworkMode?: string
  readonly RestartPolicy?: { readonly Name?: string; readonly MaximumRetryCount?: number }
  readonly AutoRemove?: boolean
  readonly Init?: boolean | null
  readonly Memory?: number
  readonly NanoCpus?: number
  readonly CpuPeriod?: number
  readonly CpuQuota?: number
  readonly PidsLimit?: number | null
  readonly ShmSize?: number
  readonly Privileged?: boolean
  readonly ReadonlyRootfs?: boolean
  readonly CapAdd?: readonly string[] | null
  readonly CapDrop?: readonly string[] | null
  readonly SecurityOpt?: readonly string[] | null
  readonly Devices?: readonly EngineDevice[] | null
  readonly ExtraHosts?: readonly string[] | null
  readonly Dns?: readonly string[] | null
}

export interface EngineDevice {
  readonly PathOnHost: string
  readonly PathInContainer: string
  readonly CgroupPermissions: string
}
export interface PortBinding {
  readonly HostIp?: string
  readonly HostPort?: string
}
export interface EngineMount {
  readonly Type: string
  readonly Source?: string
  readonly Target: string
  readonly ReadOnly?: boolean
  readonly TmpfsOptions?: { readonly SizeBytes?: number }
}

/** What `POST /containers/create` takes; name and platform travel in its query. */
export interface CreateBody extends ContainerConfig {
  readonly HostConfig: HostConfig
  readonly NetworkingConfig: {
    readonly EndpointsConfig: Readonly<Record<string, { readonly Aliases?: readonly string[] }>>
  }
}

/** What `GET /containers/{id}/json` tells, as far as a spec needs it. */
export interface InspectedContainer {
  readonly Id: string
  readonly Name?: string
  readonly Config: ContainerConfig
  readonly HostConfig: HostConfig
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<
      Record<string, { readonly Aliases?: readonly string[] | null } | null>
    > | null
  }
}
