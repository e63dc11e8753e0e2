import type { EngineId } from './ids'

export interface Volume {
  readonly engine: EngineId
  /** The name is the id. */
  readonly id: string
  readonly driver: string
  readonly mountpoint: string
  readonly createdAtMs: number
  readonly scope: string
  readonly labels: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
  readonly isAnonymous: boolean
}
