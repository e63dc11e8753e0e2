import type { Machine } from '../../../../shared/model'

/** What stands over the page. */
export type MachineDialog = {
  readonly kind: 'kill' | 'shutdown' | 'remove' | 'reset' | 'clone'
  readonly machine: Machine
}
export type OnMachineDialog = (dialog: MachineDialog) => void
