import { dirname } from 'node:path'
import type { EngineId, MachineId } from '../../../shared/model'
import { portListener } from '../containers/port-holder'
import type { Inventory } from '../inventory/inventory'
import type { Companion } from '../machines/vm/companion'
import type { VmMachines } from '../machines/vm/vm-machines'
import type { Paths } from '../platform/paths'
import { createPorts } from '../ports/ports'
import { createShares } from '../shares/shares'

export interface CompanionParts {
  readonly paths: Paths
  readonly inventory: Pick<Inventory, 'rows' | 'onRows'>
  readonly machines: () => VmMachines
}

/** What runs beside our machines, joined to what it asks of the inventory. */
export function vmCompanions({ paths, inventory, machines }: CompanionParts): {
  readonly list: readonly Companion[]
  readonly close: () => Promise<void>
} {
  const onContainers = (id: MachineId, listener: () => void): (() => void) =>
    inventory.onRows((engine) => {
      if (engine === engineOf(id)) listener()
    })
  const shares = createShares({
    filesOf: (id) => {
      const { shareSecret, shareFacts } = paths.machine(id)
      return { secret: shareSecret, facts: shareFacts }
    },
    ownFolders: () => [
      ...[paths.dataDir, dirname(paths.coreSocket)],
      ...machines().all.map(({ files, settings }) => files.diskPath(settings)),
    ],
    mountsOf: (id) =>
      inventory
        .rows(engineOf(id), 'containers')
        .filter(({ state }) => state === 'running')
        .flatMap(({ mounts }) => mounts),
    onContainers,
  })
  const ports = createPorts({
    containersOf: (id) => inventory.rows(engineOf(id), 'containers'),
    onContainers,
    holderOf: async (protocol, port) => {
      const { listener } = await portListener(protocol, port)
      return listener && `${listener.name} (pid ${listener.pid})`
    },
  })
  return { list: [shares, ports], close: () => shares.close() }
}

export const engineOf = (id: MachineId): EngineId => id as string as EngineId
