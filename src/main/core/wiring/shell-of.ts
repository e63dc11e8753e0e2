import { AppError } from '../../../shared/errors'
import type { EngineId } from '../../../shared/model'
import type { Machines } from '../machines/machines'
import type { Remotes } from '../machines/ssh/remotes'
import type { VmMachines } from '../machines/vm/vm-machines'
import type { ShellOf } from '../terminal/terminal'

export interface ShellPlaces {
  readonly machines: Machines
  readonly vms: VmMachines
  readonly remotes: Remotes
}

/** Where a terminal into the home of an engine leads: a VM of ours, or the host that is reached by SSH. */
export function shellsIn({ machines, vms, remotes }: ShellPlaces): ShellOf {
  return async (id, what, signal) => {
    const vm = vms.all.find((machine) => (machine.id as string) === id)
    if (vm) return named(vm.settings.name, await vms.get(vm.id).guest.shell(what.size, signal, what.argv))
    const engine = machines.view.engines.find((known) => known.id === id)
    if (engine?.address.kind !== 'ssh') throw noHost(id)
    return named(engine.name, await remotes.host(engine.address).shell(what, signal))
  }
}

/** Not by copying: `resize` belongs to what the far side gave. */
const named = <T extends { exit: unknown; stream: unknown; resize: unknown }>(name: string, shell: T) =>
  Object.assign(shell, { name })

const noHost = (id: EngineId): AppError =>
  new AppError('machine.unknown', 'No machine and no host over SSH has this id', { facts: { machine: id } })
