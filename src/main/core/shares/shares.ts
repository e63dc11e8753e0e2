import type { MachineId } from '../../../shared/model'
import { log } from '../platform/log'
import { MachineShares } from './machine-shares'
import { NamespaceLock } from './nfs/files/namespace-lock'
import { OwnFolders } from './own-folders'
import type { ShareLink, SharesDeps } from './share-guest'

/** The shared folders of all machines. `begin`, `end` and `settingsChanged` are called for each machine's link. */
export interface Shares {
  readonly name: 'shares'
  begin(link: ShareLink): Promise<void>
  /** Before a suspend or shutdown: what is written is on disk. The folders are served on until the link ends. */
  end(link: ShareLink): Promise<void>
  settingsChanged(link: ShareLink): void
  /** Core ends: machines that run on wait for the next one. */
  close(): Promise<void>
}

export function createShares(deps: SharesDeps): Shares {
  const machines = new Map<MachineId, Promise<MachineShares>>()
  const lock = new NamespaceLock()
  const own = new OwnFolders(deps.ownFolders)
  // A machine's server lives as long as core: a link that breaks and comes back finds its handles known.
  const of = (id: MachineId): Promise<MachineShares> => {
    const known = machines.get(id)
    if (known) return known
    const made = MachineShares.open({ ...deps, id, lock, own })
    machines.set(id, made)
    made.catch(() => machines.delete(id))
    return made
  }
  return {
    name: 'shares',
    begin: async (link) => (await of(link.id)).begin(link),
    end: async (link) => (await of(link.id)).flush(),
    settingsChanged: (link) =>
      void of(link.id)
        .then((machine) => machine.apply(link))
        // The next start of the machine fails with it, and says so.
        .catch((error: unknown) => log.warn('shares', 'not served', { error })),
    async close() {
      const all = [...machines.values()]
      machines.clear()
      for (const machine of all) await machine.then((one) => one.close()).catch(() => undefined)
    },
  }
}
