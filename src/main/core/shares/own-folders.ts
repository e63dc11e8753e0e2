import { lstatSync } from 'node:fs'
import type { HostStat } from './nfs/files/host-files'

/**
 * Our own folders and files (keys, tokens, disks, sockets), which no machine may see: with a person's home shared,
 * a container could else read the key of its own cage, or take its disk away under it. They are known by what they
 * are, not by their path, so no other way leads to them.
 */
export class OwnFolders {
  #known = new Set<string>()

  constructor(private readonly paths: () => readonly string[]) {}

  /** Looks which there are: before anything is served, and again whenever folders may have been made since. */
  refresh(): void {
    const found = this.paths().flatMap((path) => {
      const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
      return stat ? [keyOf(stat)] : []
    })
    this.#known = new Set(found)
  }

  has(stat: HostStat): boolean {
    return this.#known.has(keyOf(stat))
  }
}

const keyOf = (stat: HostStat): string => `${stat.dev}:${stat.ino}`
