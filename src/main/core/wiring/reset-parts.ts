import type { Handlers } from '../../../shared/contract'
import type { EngineId, ResetResult } from '../../../shared/model'
import type { Activity } from '../history/activity'
import type { Inventory } from '../inventory/inventory'
import { localId, type Machines } from '../machines/machines'
import { deletePlan, removeMachine } from '../machines/vm/kept/machine-work'
import type { VmMachine } from '../machines/vm/vm-machine'
import { log } from '../platform/log'
import type { Paths } from '../platform/paths'
import type { ResetDeps, ResetMachine } from '../reset/reset-deps'
import { resetHandlers } from '../reset/reset-handlers'
import type { SettingsStore } from '../settings/settings-store'
import type { AgentParts } from './agent-parts'
import { engineOf } from './vm-companions'
import type { VmParts } from './vm-parts'

interface Made {
  readonly paths: Paths
  readonly settings: SettingsStore
  readonly inventory: Inventory
  readonly activity: Activity
  readonly machines: Machines
  readonly vms: VmParts
  readonly agents: AgentParts
}

const task = { kind: 'reset.run', subject: 'Slipway', command: 'slipway reset', canCancel: false }

/** A reset, joined to all that it takes away. */
export const resetOf = (made: Made): Pick<Handlers, 'reset.plan' | 'reset.run'> => resetHandlers(depsOf(made))

function depsOf({ paths, settings, inventory, activity, machines, vms, agents }: Made): ResetDeps {
  const holds = (id: EngineId) => {
    const count = (kind: 'containers' | 'images' | 'volumes'): number => inventory.rows(id, kind).length
    return { containers: count('containers'), images: count('images'), volumes: count('volumes') }
  }
  const isPrivateUp = (): boolean =>
    machines.view.engines.some(({ origin, state }) => origin === 'private' && state === undefined)
  return {
    paths,
    machines: () =>
      vms.machines.all.map((machine) =>
        resetMachine(machine, vms, () => (machine.isUp ? holds(engineOf(machine.id)) : undefined)),
      ),
    engineHolds: () => (isPrivateUp() ? holds(localId) : undefined),
    withoutEngine: (work) => machines.withoutPrivate(work),
    remembered: () => {
      const { engines, agents: words, ui } = settings.current
      const [allowed, remembered] = [Object.keys(words).length, Object.keys(ui).length]
      return { engines: engines.length, agents: allowed, remembered }
    },
    forgetSettings: async () => {
      await settings.forget()
      await agents.askAgain()
    },
    beginAgain: () =>
      void machines.find().catch((error: unknown) => log.warn('core', 'no road was gone', { error })),
    asTask: (work) => activity.run<ResetResult>(task, work),
  }
}

function resetMachine(
  machine: VmMachine,
  vms: VmParts,
  holds: () => Parameters<typeof deletePlan>[1],
): ResetMachine {
  const { id, settings } = machine
  return {
    ...{ id, name: settings.name },
    plan: () => deletePlan(machine, holds()),
    roads: () => vms.roadsTo(machine).catch(() => ({})),
    kill: () => machine.stop('kill'),
    remove: () => removeMachine(vms.machines, machine, machine.settings.name),
    removeRoads: () => vms.removeRoads(machine),
  }
}
