import type { ReactNode } from 'react'
import type { EngineId } from '../../../../shared/model'

/** The container that a slot is about. */
export interface ContainerSlotProps {
  readonly engine: EngineId
  readonly id: string
  readonly name: string
}

/** Views that other features make: handed in by the app, as features are strangers. */
export interface ContainerPageSlots {
  readonly logs: (container: ContainerSlotProps) => ReactNode
  readonly terminal: (container: ContainerSlotProps) => ReactNode
}
