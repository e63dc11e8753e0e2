import type { PushName, Pushes } from '../../../shared/contract'
import { isHelperEvent, type EngineId, type Notice } from '../../../shared/model'
import type { Cleanup } from '../../../shared/std/cleanup'
import type { Emitter } from '../../../shared/std/emitter'
import type { Files } from '../files/file-handlers'
import type { Activity } from '../history/activity'
import { DeathWatch } from '../history/death-watch'
import { inventorySync } from './inventory-sync'
import type { Inventory } from '../inventory/inventory'
import type { Machines } from '../machines/machines'
import { log } from '../platform/log'
import type { SettingsStore } from '../settings/settings-store'
import type { VmParts } from './vm-parts'

export type Push = { readonly [N in PushName]: { readonly name: N; readonly value: Pushes[N] } }[PushName]

export interface JoinedParts {
  readonly settings: SettingsStore
  readonly pushes: Emitter<Push>
  readonly inventory: Inventory
  readonly activity: Activity
  readonly machines: Machines
  readonly vms: VmParts
  readonly files: Files
}

/** Who hears of what: machines to inventory, inventory to activity and notices, settings to all. */
export function joinParts(parts: JoinedParts, cleanup: Cleanup): void {
  const { settings, inventory, activity, machines, vms, pushes, files } = parts
  const sync = inventorySync(inventory)
  cleanup.add(machines.onChanged(sync))
  cleanup.add(vms.machines.onChanged(() => machines.refresh()))
  sync(machines.view)
  const deaths = new DeathWatch()
  cleanup.add(
    inventory.onEvent((event) => {
      // A helper of our own comes and goes with its engine: nobody did it, nobody needs to hear of it.
      if (isHelperEvent(event) && !settings.current.showHelpers) return
      activity.addEvents([event])
      const notice = deaths.onEvent(event)
      if (notice && isWanted(notice, settings)) pushes.emit({ name: 'notice.raised', value: notice })
    }),
  )
  const [running, working] = [new Set<EngineId>(), new Set<EngineId>()]
  // Silence may pass: what runs there ends with the engine, and not when it is called lost.
  cleanup.add(
    inventory.onAway((id) => {
      // One that was removed or replaced has no state of its own any more to say that it does not run.
      running.delete(id)
      if (working.delete(id)) activity.engineLost(id)
    }),
  )
  cleanup.add(
    inventory.onEngine(({ id, name, state }) => {
      if (state.kind === 'running') {
        running.add(id)
        working.add(id)
        files.engineUp(inventory.engineOf(id))
      } else if (running.delete(id) && state.kind === 'lost') {
        const value: Notice = { kind: 'engine-lost', engine: id, name, facts: { code: state.error.code } }
        pushes.emit({ name: 'notice.raised', value })
      }
    }),
  )
  let last = settings.current
  cleanup.add(
    settings.onChanged((now) => {
      pushes.emit({ name: 'settings.changed', value: now })
      if (now.engines !== last.engines) machines.refresh()
      if (now.localEngine !== last.localEngine)
        void machines.find().catch((error: unknown) => log.warn('core', 'no road was gone', { error }))
      last = now
    }),
  )
}

function isWanted({ kind }: Notice, { current: { notify } }: SettingsStore): boolean {
  if (kind === 'container-died') return notify.died !== false
  return kind !== 'container-unhealthy' || notify.unhealthy !== false
}
