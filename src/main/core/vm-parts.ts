import { join } from 'node:path'
import type { EngineId, MachineId, Progress } from '../../shared/model'
import { Cleanup } from '../../shared/std/cleanup'
import { DockerContexts } from './docker-contexts'
import { EngineSockets } from './engine-sockets'
import type { RowsOf } from './inventory/inventory'
import type { MachinesDeps } from './machines/machines'
import type { Backend } from './machines/vm/backend'
import type { ImageSource } from './machines/vm/image-source'
import { vmAsEngine, vmEngines } from './machines/vm/vm-engines'
import { vmHandlers } from './machines/vm/vm-handlers'
import { VmMachines } from './machines/vm/vm-machines'
import { log } from './platform/log'
import type { Paths } from './platform/paths'
import { openGuest } from './tunnel/guest'
import { newKeyPair } from './tunnel/keys'

export interface VmPartsDeps {
  readonly paths: Paths
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly backends: readonly Backend[]
  readonly images: ImageSource
}

export interface VmHandlerParts {
  readonly rowsOf: RowsOf
  readonly progressOf: (signal: AbortSignal) => (progress: Progress) => void
}

/** The machines of ours, joined to what they need of the other areas. */
export class VmParts {
  readonly #cleanup = new Cleanup()

  private constructor(
    readonly machines: VmMachines,
    private readonly contexts: DockerContexts,
    private readonly dataDir: string,
  ) {}

  static async open({ paths, env, home, backends, images }: VmPartsDeps): Promise<VmParts> {
    const contexts = new DockerContexts(env['DOCKER_CONFIG'] ?? join(home, '.docker'))
    const machines = await VmMachines.open({
      ...{ dir: paths.machines, pathsOf: paths.machine, backends, images, openGuest, newKeyPair },
      companions: [],
      contextState: (id) => contexts.of(id),
    })
    const parts = new VmParts(machines, contexts, paths.dataDir)
    const sockets = new EngineSockets(machines)
    parts.#cleanup.add(() => machines.close())
    parts.#cleanup.add(() => sockets.close())
    parts.#cleanup.add(machines.onChanged(() => sockets.sync()))
    return parts
  }

  /** For `Machines`: the engines of the VMs. */
  get engines(): NonNullable<MachinesDeps['vms']> {
    return {
      engines: () => vmEngines(this.machines),
      own: (id) => vmAsEngine(this.machines, id),
    }
  }

  /** Takes up what runs, starts what starts with the app. */
  begin(): void {
    void this.contexts.refresh(this.machines)
    void this.machines.begin().catch((error: unknown) => log.error('core', 'no machines', { error }))
  }

  handlers({ rowsOf, progressOf }: VmHandlerParts): ReturnType<typeof vmHandlers> {
    return vmHandlers({
      machines: this.machines,
      ...{ dataDir: this.dataDir, progressOf },
      countsOf: (id) => {
        if (!this.machines.get(id).isUp) return undefined
        const count = (kind: 'containers' | 'images' | 'volumes'): number => rowsOf(engineOf(id), kind).length
        return { containers: count('containers'), images: count('images'), volumes: count('volumes') }
      },
      setDockerContext: async (machine, wanted) => {
        await this.contexts.set(machine, wanted)
        await this.contexts.refresh(this.machines)
      },
    })
  }

  /** Ends the machines as their settings say. */
  close(): Promise<void> {
    return this.#cleanup.close()
  }
}

const engineOf = (id: MachineId): EngineId => id as string as EngineId
