import type { ReactNode } from 'react'
import { ContainerDialogs } from '../../features/containers/actions/ContainerDialogs'
import type { ContainerDialog } from '../../features/containers/actions/dialog'
import { StopEngine, type StopEngineDialog } from '../../features/engine/StopEngine'
import { ImageDialogs, type ImageDialog } from '../../features/images/ImageDialogs'
import type { MachineDialog } from '../../features/machines/actions/dialog'
import { MachineDialogs } from '../../features/machines/actions/MachineDialogs'
import { NetworkDialogs, type NetworkDialog } from '../../features/networks/NetworkDialogs'
import { VolumeDialogs, type VolumeDialog } from '../../features/volumes/VolumeDialogs'

/** What an object's menu asks before it does something, over whatever page is open. */
export type ObjectDialog =
  | { readonly of: 'containers'; readonly dialog: ContainerDialog }
  | { readonly of: 'images'; readonly dialog: ImageDialog }
  | { readonly of: 'volumes'; readonly dialog: VolumeDialog }
  | { readonly of: 'networks'; readonly dialog: NetworkDialog }
  | { readonly of: 'machines'; readonly dialog: MachineDialog }
  | { readonly of: 'engines'; readonly dialog: StopEngineDialog }

interface ObjectDialogsProps {
  readonly asked: ObjectDialog | undefined
  readonly onClose: () => void
}

export function ObjectDialogs({ asked, onClose }: ObjectDialogsProps): ReactNode {
  switch (asked?.of) {
    case undefined:
      return null
    case 'containers':
      return <ContainerDialogs dialog={asked.dialog} onClose={onClose} />
    case 'images':
      return <ImageDialogs dialog={asked.dialog} onClose={onClose} />
    case 'volumes':
      return <VolumeDialogs dialog={asked.dialog} onClose={onClose} />
    case 'networks':
      return <NetworkDialogs dialog={asked.dialog} onClose={onClose} />
    case 'machines':
      return <MachineDialogs dialog={asked.dialog} onClose={onClose} />
    case 'engines':
      return <StopEngine dialog={asked.dialog} onClose={onClose} />
  }
}
