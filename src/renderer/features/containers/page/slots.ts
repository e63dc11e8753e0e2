import type { ReactNode } from 'react'
import type { EngineId } from '../../../../shared/model'

/** The container that a slot is about. */
export interface ContainerSlotProps {
  readonly engine: EngineId
  readonly id: string
  readonly name: string
}

export interface FilesSlotProps extends ContainerSlotProps {
  /** The page's own path: what is behind its question mark is the view's. */
  readonly base: string
  /** Another one when the container was started or stopped: its files may be others. */
  readonly revision: string
}

/** Views that other features make: handed in by the app, as features are strangers. */
export interface ContainerPageSlots {
  readonly logs: (container: ContainerSlotProps) => ReactNode
  readonly terminal: (container: ContainerSlotProps) => ReactNode
  readonly files: (container: FilesSlotProps) => ReactNode
}
