import type { MachineId } from '../../../shared/model'
import type { VmMachines } from '../machines/vm/vm-machines'
import type { VmMachine } from '../machines/vm/vm-machine'
import { log } from '../platform/log'
import { serveEngineSocket, type EngineSocket } from '../sockets/engine-socket'

/** The sockets of our machines' engines on this host: there while a machine is up, or asleep and to be woken. */
export class EngineSockets {
  readonly #served = new Map<MachineId, Promise<EngineSocket | undefined>>()

  constructor(private readonly machines: VmMachines) {}

  /** Clients of a machine's socket now. */
  async connections(id: MachineId): Promise<number> {
    return (await this.#served.get(id))?.connections ?? 0
  }

  /** Serves the sockets that should be there and no others. */
  sync(): void {
    const wanted = this.machines.all.filter(isReachable)
    const ids = new Set(wanted.map(({ id }) => id))
    for (const id of [...this.#served.keys()]) if (!ids.has(id)) void this.#drop(id)
    for (const { id, files } of wanted)
      if (!this.#served.has(id)) this.#served.set(id, this.#serve(id, files.paths.engineSocket))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#served.keys()].map((id) => this.#drop(id)))
  }

  async #serve(id: MachineId, path: string): Promise<EngineSocket | undefined> {
    try {
      return await serveEngineSocket({ path, dial: (signal) => this.machines.dialAwake(id, signal) })
    } catch (error) {
      log.warn('core', 'the socket of a machine is not served', { path, error })
      this.machines.get(id).socketFailed(path, error)
      return undefined
    }
  }

  async #drop(id: MachineId): Promise<void> {
    const served = this.#served.get(id)
    this.#served.delete(id)
    await (await served)?.close()
  }
}

/** A client of one that is asleep or on its way up waits with it. */
const isReachable = (machine: VmMachine): boolean =>
  machine.isUp || machine.isAsleep || machine.life.state.kind === 'starting'
