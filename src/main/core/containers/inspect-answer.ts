import type { InspectedContainer } from '../../../shared/run'

/** `GET /containers/{id}/json` (API 1.41), as far as the page reads it; the rest stays in `raw`. */
export interface InspectAnswer extends InspectedContainer {
  readonly Created?: string
  readonly Image?: string
  readonly RestartCount?: number
  readonly State?: InspectState
  readonly HostConfig: InspectedContainer['HostConfig'] & { readonly LogConfig?: { readonly Type?: string } }
  readonly Mounts?:
    | readonly {
        readonly Type?: string
        readonly Name?: string
        readonly Source?: string
        readonly Destination: string
        readonly RW?: boolean
      }[]
    | null
  readonly NetworkSettings?: {
    readonly Ports?: Readonly<
      Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null>
    > | null
    readonly Networks?: Readonly<
      Record<
        string,
        {
          readonly IPAddress?: string
          readonly GlobalIPv6Address?: string
          readonly Gateway?: string
          readonly MacAddress?: string
          readonly Aliases?: readonly string[] | null
        } | null
      >
    > | null
  }
}

export interface InspectState {
  readonly Running?: boolean
  readonly Paused?: boolean
  readonly Restarting?: boolean
  readonly OOMKilled?: boolean
  readonly Pid?: number
  readonly ExitCode?: number
  readonly Error?: string
  readonly StartedAt?: string
  readonly FinishedAt?: string
  readonly Health?: {
    readonly Status?: string
    readonly FailingStreak?: number
    readonly Log?:
      | readonly {
          readonly Start?: string
          readonly End?: string
          readonly ExitCode?: number
          readonly Output?: string
        }[]
      | null
  } | null
}
