import type { MachineId } from '../../../shared/model'
import type { VmMachines } from '../machines/vm/vm-machines'
import {
  addContext,
  contextState,
  leadsTo,
  removeContext,
  unuseContext,
  useContext,
} from '../sockets/docker-context'

export type ContextState = 'absent' | 'there' | 'current'

/** The `docker context` of each machine, as it was last seen in the person's docker folder. */
export class DockerContexts {
  readonly #seen = new Map<MachineId, ContextState>()

  constructor(private readonly dir: string) {}

  of(id: MachineId): ContextState {
    return this.#seen.get(id) ?? 'absent'
  }

  /** Looks again: `docker context use` is everybody's. */
  async refresh(machines: VmMachines): Promise<void> {
    let isOther = false
    for (const machine of machines.all) {
      const { dockerContext: name } = machine.describe()
      const state = await contextState({ dir: this.dir, name }).catch(() => 'absent' as const)
      // A foreign context of the same name is not ours to show as there.
      const shown = state === 'foreign' ? 'absent' : state
      isOther ||= this.of(machine.id) !== shown
      this.#seen.set(machine.id, shown)
    }
    if (isOther) machines.refresh()
  }

  /** Whether the context of this name leads to this machine, and not to one of another data folder. */
  isOf({ name, socketPath }: { name: string; socketPath: string }): Promise<boolean> {
    return leadsTo({ dir: this.dir, name }, `unix://${socketPath}`)
  }

  async set(
    { name, socketPath }: { name: string; socketPath: string },
    wanted: { exists: boolean; isCurrent: boolean },
  ): Promise<void> {
    const options = { dir: this.dir, name }
    if (!wanted.exists) return removeContext(options)
    await addContext({ ...options, host: `unix://${socketPath}` })
    if (wanted.isCurrent) await useContext(options)
    else await unuseContext(options)
  }
}
