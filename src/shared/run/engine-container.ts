/** The parts of the Engine API's container JSON that a spec is made of and made from (API 1.41). */
export interface ContainerConfig {
  readonly Hostname?: string
  readonly Domainname?: string
  readonly MacAddress?: string
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

/** What a spec does not hold. */
export interface OtherHostConfig {
  readonly Annotations?: Readonly<Record<string, string>> | null
  readonly BlkioWeight?: number
  readonly CgroupParent?: string
  readonly CpuShares?: number
  readonly CpusetCpus?: string
  readonly CpusetMems?: string
  readonly DeviceCgroupRules?: readonly string[] | null
  readonly DeviceRequests?:
    | readonly {
        readonly Count?: number
        readonly DeviceIDs?: readonly string[] | null
        readonly Capabilities?: readonly (readonly string[])[] | null
      }[]
    | null
  readonly DnsOptions?: readonly string[] | null
  readonly DnsSearch?: readonly string[] | null
  readonly GroupAdd?: readonly string[] | null
  readonly IpcMode?: string
  readonly Links?: readonly string[] | null
  readonly LogConfig?: { readonly Type?: string; readonly Config?: Readonly<Record<string, string>> | null }
  readonly MemoryReservation?: number
  /** -1 is without a limit. */
  readonly MemorySwap?: number
  readonly MemorySwappiness?: number | null
  readonly OomKillDisable?: boolean | null
  readonly OomScoreAdj?: number
  readonly PidMode?: string
  readonly Runtime?: string
  readonly StorageOpt?: Readonly<Record<string, string>> | null
  readonly Sysctls?: Readonly<Record<string, string>> | null
  readonly UTSMode?: string
  readonly Ulimits?: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[] | null
  readonly UsernsMode?: string
  readonly VolumesFrom?: readonly string[] | null
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

interface InspectedEndpoint {
  readonly NetworkID?: string
  readonly Aliases?: readonly string[] | null
  /** What was asked for. */
  readonly IPAMConfig?: {
    readonly IPv4Address?: string
    readonly IPv6Address?: string
    readonly LinkLocalIPs?: readonly string[] | null
  } | null
}

/** What `GET /containers/{id}/json` tells, as far as a spec needs it. */
export interface InspectedContainer {
  readonly Id: string
  readonly Name?: string
  readonly Config: ContainerConfig
  readonly HostConfig: HostConfig & OtherHostConfig
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, InspectedEndpoint | null>> | null
  }
}
