import { readlink } from 'node:fs/promises'
import { isAlive, run } from '../../platform/child'
import { log } from '../../platform/log'
import { forgetPool } from './firewall'
import { bridgeNotes, removeBridges } from './host-network'
import { listProcesses, namesFolder } from './leftovers'

/**
 * An engine that was killed with its core, and whose data folder nobody opens again, leaves a bridge and rules.
 * Each bridge of ours bears a note of whose it is, so that any later start can tell the dead from the living.
 */
interface Owner {
  readonly pool: string
  readonly execRoot: string
}

const word = 'slipway-engine'
/** What the kernel takes as the note of an interface: IFALIASZ. */
const maxNote = 255

/** Processes have numbers in one namespace only: of a core in another one we know nothing. */
const namespace = (): Promise<string> => readlink('/proc/self/ns/pid').catch(() => '')

export async function markBridge(bridge: string, { pool, execRoot }: Owner): Promise<void> {
  const note = [word, pool, process.pid, await namespace(), execRoot].join(' ')
  if (Buffer.byteLength(note) > maxNote) return
  await run('ip', ['link', 'set', 'dev', bridge, 'alias', note], { timeoutMs: 10_000 })
}

/**
 * Takes away the networks of engines that are dead for certain: marked as ours, made by a core that is gone, and no
 * process names the engine's folder.
 */
export async function removeDeadNetworks(): Promise<void> {
  const notes = (await bridgeNotes()).map(readNote).filter((note) => note !== undefined)
  if (notes.length === 0) return
  const [here, processes] = [await namespace(), await listProcesses()]
  const isDead = ({ core, space, execRoot }: Note): boolean =>
    space === here && !isAlive(core) && !processes.some(({ args }) => namesFolder(args, execRoot))
  const living = new Set(notes.filter((note) => !isDead(note)).map(({ pool }) => pool))
  for (const note of notes.filter(isDead)) {
    if (living.has(note.pool)) continue
    log.info('machines', 'the network of a dead engine goes', { pool: note.pool, execRoot: note.execRoot })
    await removeBridges(note.pool)
    await forgetPool(note.pool)
  }
}

interface Note extends Owner {
  readonly core: number
  readonly space: string
}

function readNote(text: string): Note | undefined {
  const found = /^slipway-engine (10\.\d{1,3}) (\d+) (\S+) (\/.+)$/.exec(text)
  if (!found) return undefined
  const [, pool = '', core = '', space = '', execRoot = ''] = found
  return { pool, core: Number(core), space, execRoot }
}
