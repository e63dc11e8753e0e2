import { type BytePath, type HostStat, lstat } from './host-files'
import { identityKey } from './file-handle'
import { Recent } from './recent'

/** Changes that are remembered: more than a watcher can be behind. */
const maxEchoes = 8_192

/**
 * What machines themselves changed. The host's watcher sees those changes too; were the machine told of them, a
 * build tool would wake from its own output, for ever.
 */
export class Echoes {
  readonly #stamps = new Recent<string>(maxEchoes)
  readonly #gone = new Recent<true>(maxEchoes)

  /** A file or folder stands as a machine left it. */
  changed(stat: HostStat): void {
    this.#stamps.set(identityKey(stat), stampOf(stat))
  }

  removed(path: BytePath): void {
    this.#gone.set(path, true)
  }

  /** True when what the host's watcher saw there is a machine's own doing. */
  async isEcho(path: BytePath): Promise<boolean> {
    const stat = await lstat(path).catch(() => undefined)
    if (!stat) return this.#gone.get(path) === true
    this.#gone.delete(path)
    return this.#stamps.get(identityKey(stat)) === stampOf(stat)
  }
}

/** Not the time of access: reading is no change. */
const stampOf = (stat: HostStat): string => `${stat.mtimeNs}/${stat.ctimeNs}/${stat.size}`
