import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { log } from '../platform/log'
import { writeAtomic } from '../platform/atomic-file'
import { GuestFacts } from './nfs/files/guest-facts'

const secretBytes = 32
/** Facts come in floods (`chown -R`); they are saved this much after the first of them. */
const saveAfterMs = 2_000

const owner = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)))
const keptSchema = v.array(v.tuple([v.string(), v.object({ uid: owner, gid: owner, type: owner })]))

/** The machine's secret for handles: made once, so that a machine which outlives core goes on with its handles. */
export async function machineSecret(path: string): Promise<Buffer> {
  const kept = await readFile(path, 'utf8').catch(() => '')
  const secret = Buffer.from(kept.trim(), 'hex')
  if (secret.length === secretBytes) return secret
  const made = randomBytes(secretBytes)
  await writeAtomic(path, `${made.toString('hex')}\n`)
  return made
}

/** What the machine was told of its files, and its keeping on disk. */
export class KeptFacts {
  readonly facts: GuestFacts
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    kept: [string, { uid?: number; gid?: number; type?: number }][],
  ) {
    this.facts = new GuestFacts(kept, () => this.#later())
  }

  static async open(path: string): Promise<KeptFacts> {
    const text = await readFile(path, 'utf8').catch(() => '[]')
    return new KeptFacts(path, readKept(text))
  }

  /** Saves what is not saved yet. */
  async flush(): Promise<void> {
    if (this.#timer) this.#save()
    await this.#saving
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.#save(), saveAfterMs)
  }

  #save(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = JSON.stringify(this.facts.entries())
    this.#saving = this.#saving
      .then(() => writeAtomic(this.path, text))
      .catch((error: unknown) =>
        log.warn('shares', 'owners were not saved', { path: this.path, error: String(error) }),
      )
  }
}

function readKept(text: string): [string, { uid?: number; gid?: number; type?: number }][] {
  try {
    const read = v.parse(keptSchema, JSON.parse(text))
    return read.map(([key, { uid, gid, type }]) => [
      key,
      {
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
        ...(type !== undefined && { type }),
      },
    ])
  } catch {
    // A file that is cut or foreign: its files are root's again, nothing else is lost.
    return []
  }
}
