import type { ReactNode } from 'react'
import type { ContainerDialog } from './dialog'
import { PruneContainers } from './PruneContainers'
import { RemoveDialog } from './RemoveDialog'
import { RenameDialog } from './RenameDialog'

interface ContainerDialogsProps {
  readonly dialog: ContainerDialog | undefined
  readonly onClose: () => void
}

export function ContainerDialogs({ dialog, onClose }: ContainerDialogsProps): ReactNode {
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'remove':
      return <RemoveDialog containers={dialog.containers} onClose={onClose} />
    case 'rename':
      return <RenameDialog container={dialog.container} onClose={onClose} />
    case 'prune':
      return <PruneContainers onClose={onClose} />
  }
}
