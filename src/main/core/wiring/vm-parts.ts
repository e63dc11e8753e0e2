import { dirname, join } from 'node:path'
import type { EngineId, Progress } from '../../../shared/model'
import { Cleanup } from '../../../shared/std/cleanup'
import { DefaultLinks } from './default-links'
import { DockerContexts } from './docker-contexts'
import { EngineSockets } from './engine-sockets'
import type { Inventory, RowsOf } from '../inventory/inventory'
import type { MachinesDeps } from '../machines/machines'
import type { Backend } from '../machines/vm/backend'
import type { ImageSource } from '../machines/vm/image-source'
import { IdleSaver, type IdleClock } from '../machines/vm/run/idle-saver'
import { vmAsEngine, vmEngines } from '../machines/vm/vm-engines'
import { vmHandlers } from '../machines/vm/calls/vm-handlers'
import type { VmMachine } from '../machines/vm/vm-machine'
import { VmMachines } from '../machines/vm/vm-machines'
import { engineOf, vmCompanions } from './vm-companions'
import { log } from '../platform/log'
import type { Paths } from '../platform/paths'
import { openGuest } from '../tunnel/guest'
import { newKeyPair } from '../tunnel/keys'

export interface VmPartsDeps {
  readonly paths: Paths
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly backends: readonly Backend[]
  readonly images: ImageSource
  readonly inventory: Inventory
  /** Where tools look for an engine that know of no context. */
  readonly defaultSocket: string
  readonly idleClock?: IdleClock
}

export interface VmHandlerParts {
  readonly rowsOf: RowsOf
  readonly progressOf: (signal: AbortSignal) => (progress: Progress) => void
}

/** What tells that a machine is used. */
export interface IdleParts {
  readonly inventory: Pick<Inventory, 'rows' | 'engines'>
  readonly isTaskOn: (engine: EngineId) => boolean
}

/** The machines of ours, joined to what they need of the other areas. */
export class VmParts {
  readonly #cleanup = new Cleanup()
  readonly #sockets: EngineSockets

  readonly machines: VmMachines

  private constructor(
    private readonly made: {
      readonly machines: VmMachines
      readonly contexts: DockerContexts
      readonly links: DefaultLinks
      readonly dataDir: string
      readonly idleClock: IdleClock | undefined
      readonly closeCompanions: () => Promise<void>
    },
  ) {
    const { machines } = made
    this.machines = machines
    this.#sockets = new EngineSockets(machines)
    // The last to go: a machine that is being suspended still writes to its shares.
    this.#cleanup.add(made.closeCompanions)
    this.#cleanup.add(() => machines.close())
    this.#cleanup.add(() => this.#sockets.close())
    this.#cleanup.add(machines.onChanged(() => this.#sockets.sync()))
  }

  static async open(deps: VmPartsDeps): Promise<VmParts> {
    const { paths, env, home, backends, images, inventory } = deps
    const links = new DefaultLinks({ link: deps.defaultSocket, ownFolder: ownSockets(paths) })
    const contexts = new DockerContexts(env['DOCKER_CONFIG'] ?? join(home, '.docker'))
    const companions = vmCompanions({ paths, inventory, machines: () => machines })
    const machines = await VmMachines.open({
      ...{ dir: paths.machines, pathsOf: paths.machine, backends, images, openGuest, newKeyPair },
      companions: companions.list,
      contextState: (id) => contexts.of(id),
      defaultSocket: (id) => links.of(id),
    })
    const { dataDir } = paths
    const { idleClock } = deps
    return new VmParts({ machines, contexts, links, dataDir, idleClock, closeCompanions: companions.close })
  }

  /** For `Machines`: the engines of the VMs. */
  get engines(): NonNullable<MachinesDeps['vms']> {
    return {
      engines: () => vmEngines(this.machines),
      own: (id) => vmAsEngine(this.machines, id),
    }
  }

  /** Takes up what runs, starts what starts with the app, puts to sleep what is idle. */
  begin(parts: IdleParts): void {
    const idle = new IdleSaver({
      ...this.made.idleClock,
      machines: () => this.machines.all,
      isBusy: async (id) => isUsed(engineOf(id), parts) || (await this.#sockets.connections(id)) > 0,
    })
    this.#cleanup.add(() => idle.close())
    this.#cleanup.add(this.machines.onChanged(() => idle.sync()))
    this.#lookAround()
    void this.machines.begin().catch((error: unknown) => log.error('core', 'no machines', { error }))
  }

  handlers({ rowsOf, progressOf }: VmHandlerParts): ReturnType<typeof vmHandlers> {
    return vmHandlers({
      machines: this.machines,
      ...{ dataDir: this.made.dataDir, progressOf },
      countsOf: (id) => {
        if (!this.machines.get(id).isUp) return undefined
        const count = (kind: 'containers' | 'images' | 'volumes'): number => rowsOf(engineOf(id), kind).length
        return { containers: count('containers'), images: count('images'), volumes: count('volumes') }
      },
      setDockerContext: async (machine, wanted) => {
        await this.made.contexts.set(machine, wanted)
        await this.made.contexts.refresh(this.machines)
      },
      setDefaultSocket: async (machine, exists) => {
        try {
          await this.made.links.set(machine, exists)
        } finally {
          await this.made.links.refresh(this.machines)
        }
      },
      onLooked: () => this.#lookAround(),
    })
  }

  /** What leads to a machine from outside the data folder. */
  async roadsTo(machine: VmMachine): Promise<{ readonly context?: string; readonly link?: string }> {
    const { dockerContext: name, socketPath, defaultSocket } = machine.describe()
    return {
      ...((await this.made.contexts.isOf({ name, socketPath })) && { context: name }),
      ...(defaultSocket?.state === 'ours' && { link: defaultSocket.path }),
    }
  }

  /** Takes away what leads to a machine from outside the data folder; what is another's stays. */
  async removeRoads(machine: VmMachine): Promise<void> {
    const { contexts, links } = this.made
    const { context } = await this.roadsTo(machine)
    const { socketPath } = machine.describe()
    try {
      if (context) await contexts.set({ name: context, socketPath }, { exists: false, isCurrent: false })
    } finally {
      await links.set(machine, false)
    }
  }

  /** What is everybody's to change: nobody tells us of it. */
  #lookAround(): void {
    void this.made.contexts.refresh(this.machines)
    void this.made.links.refresh(this.machines)
  }

  /** Ends the machines as their settings say. */
  close(): Promise<void> {
    return this.#cleanup.close()
  }
}

/** The folder that the sockets of all our machines are in. */
export const ownSockets = (paths: Paths): string => dirname(paths.machine('m').run)

/** An engine that is not known now may hold anything. */
function isUsed(id: EngineId, { inventory, isTaskOn }: IdleParts): boolean {
  const engine = inventory.engines.find((each) => each.id === id)
  if (engine?.state.kind !== 'running' || isTaskOn(id)) return true
  const atRest = ['created', 'exited', 'dead']
  return inventory.rows(id, 'containers').some(({ state }) => !atRest.includes(state))
}
