import type { Machine, MachineId } from '../../../shared/model'
import type { VmMachine } from '../machines/vm/vm-machine'
import type { VmMachines } from '../machines/vm/vm-machines'
import { linkState, makeLink, removeLink, type LinkPlace } from '../sockets/default-socket'

type Seen = NonNullable<Machine['defaultSocket']>

/** Where the link at the engine's usual place leads, as it was last seen; it is everybody's place. */
export class DefaultLinks {
  readonly #seen = new Map<MachineId, Seen>()

  constructor(
    private readonly place: {
      readonly link: string
      /** The folder of all machines' sockets. */
      readonly ownFolder: string
      readonly platform?: NodeJS.Platform
    },
  ) {}

  of(id: MachineId): Seen | undefined {
    return this.#seen.get(id)
  }

  async refresh(machines: VmMachines): Promise<void> {
    // The usual place on Windows is a pipe, and a pipe has no links.
    if ((this.place.platform ?? process.platform) === 'win32') return
    let isOther = false
    for (const machine of machines.all) {
      const state = await linkState(this.#to(machine.files.paths.engineSocket)).catch(
        () => 'foreign' as const,
      )
      isOther ||= this.of(machine.id)?.state !== state
      this.#seen.set(machine.id, { path: this.place.link, state })
    }
    if (isOther) machines.refresh()
  }

  async set({ files }: Pick<VmMachine, 'files'>, exists: boolean): Promise<void> {
    const place = this.#to(files.paths.engineSocket)
    await (exists ? makeLink(place) : removeLink(place))
  }

  readonly #to = (target: string): LinkPlace => ({ ...this.place, target })
}
