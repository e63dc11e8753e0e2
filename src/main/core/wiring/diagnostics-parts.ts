import type { EngineId } from '../../../shared/model'
import type { ReportDeps } from '../diagnostics/report'
import type { Inventory } from '../inventory/inventory'
import type { Machines } from '../machines/machines'
import { propose } from '../machines/vm/calls/propose'
import type { Paths } from '../platform/paths'
import type { SettingsStore } from '../settings/settings-store'
import type { AgentParts } from './agent-parts'
import { isOnThisHost } from './engine-words'
import type { VmParts } from './vm-parts'

interface Made {
  readonly version: string
  readonly host: 'desktop' | 'serve'
  readonly env: NodeJS.ProcessEnv
  readonly paths: Paths
  readonly settings: SettingsStore
  readonly inventory: Inventory
  readonly machines: Machines
  readonly vms: VmParts
  readonly agents: AgentParts
}

/** What a diagnosis sees of all the other parts. */
export function diagnosticsParts(made: Made): ReportDeps {
  const { version, host, env, paths, settings, inventory, machines, vms, agents } = made
  const addressOf = (id: EngineId) => machines.view.engines.find((engine) => engine.id === id)?.address
  return {
    ...{ version, host, env, dataDir: paths.dataDir },
    settings: () => settings.current,
    engines: () => inventory.engines,
    roads: () => machines.view.roads,
    agentOf: (id) => agents.agents.states.get(id),
    isOnThisHost: (id) => isOnThisHost(addressOf(id)),
    machines: () => vms.machines.list,
    backends: (signal) => propose(vms.machines, paths.dataDir, signal),
    logs: () => logsOf(paths, vms),
  }
}

function logsOf(paths: Paths, vms: VmParts): Record<string, string> {
  const own = {
    'logs/core.log': paths.log,
    'logs/desktop.log': paths.desktopLog,
    'logs/engine.log': paths.engine.log,
  }
  const machines = vms.machines.list.flatMap(({ id, settings: { name } }) => {
    const { log, hypervisorLog, console: serial } = paths.machine(id)
    return [
      [`${name}: machine.log`, log],
      [`${name}: hypervisor.log`, hypervisorLog],
      [`${name}: console.log`, serial],
    ]
  })
  return { ...own, ...(Object.fromEntries(machines) as Record<string, string>) }
}
