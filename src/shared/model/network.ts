import type { EngineId, NetworkId } from './ids'

export interface Network {
  readonly engine: EngineId
  readonly id: NetworkId
  readonly name: string
  readonly driver: string
  readonly scope: string
  readonly createdAtMs: number
  readonly isInternal: boolean
  readonly isAttachable: boolean
  readonly hasIpv6: boolean
  readonly subnets: readonly { readonly subnet: string; readonly gateway?: string }[]
  readonly labels: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
  /** bridge, host and none: the engine refuses to remove them. */
  readonly isPredefined: boolean
}
