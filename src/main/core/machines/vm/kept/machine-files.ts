import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../../../shared/errors'
import {
  machineSettingsSchema,
  type BootRecord,
  type MachineBackend,
  type MachineSettings,
} from '../../../../../shared/model'
import { removeUnfinished, writeAtomic } from '../../../platform/atomic-file'
import { log } from '../../../platform/log'
import type { MachinePaths } from '../../../platform/paths'
import type { Backend } from '../backend'

/** What a run was started with: settings that count from the next start differ from the machine's own. */
const startedSchema = v.object({ settings: machineSettingsSchema, imageId: v.string() })
export type Started = v.InferOutput<typeof startedSchema>

/** A saved state and all that it fits to. */
const savedSchema = v.object({
  key: v.string(),
  sizeBytes: v.number(),
  crc32: v.optional(v.number()),
  started: startedSchema,
})
export type Saved = v.InferOutput<typeof savedSchema>

/** In the settings' file, so that what is written of the disk's place and of the disk is never apart. */
const diskSchema = v.object({ isDiskMade: v.optional(v.boolean(), false) })

const keptBoots = 10

/** One machine's own files. What cannot be read is as good as not there, and said in the log. */
export class MachineFiles {
  #isDiskMade = false
  /** A state whose key could not be written yet. */
  #unwritten: Saved | undefined

  constructor(
    readonly paths: MachinePaths,
    /** Those of this system: a hypervisor may name its disks in its own way. */
    private readonly backends: readonly Pick<Backend, 'kind' | 'disk'>[],
  ) {}

  /** The settings, or their last good copy; `undefined` when neither can be used. */
  async settings(): Promise<MachineSettings | undefined> {
    await removeUnfinished(this.paths.settings)
    for (const path of [this.paths.settings, this.paths.settingsLastGood]) {
      const settings = await readAs(path, machineSettingsSchema)
      if (!settings) continue
      this.#isDiskMade = (await readAs(path, diskSchema))?.isDiskMade ?? false
      return settings
    }
    return undefined
  }

  async saveSettings(settings: MachineSettings): Promise<void> {
    const text = jsonText({ version: 1, isDiskMade: this.#isDiskMade, ...settings })
    await writeAtomic(this.paths.settings, text)
    // They are saved now: to throw would say that they are not.
    await writeAtomic(this.paths.settingsLastGood, text).catch((error: unknown) =>
      log.warn('machines', 'the settings have no second copy', { error }),
    )
  }

  /** From its first start on until a reset: a disk that is not there then is missing, and no other takes its place. */
  get isDiskMade(): boolean {
    return this.#isDiskMade
  }

  async saveDiskMade(isMade: boolean): Promise<void> {
    const settings = await this.settings()
    if (!settings || this.#isDiskMade === isMade) return
    this.#isDiskMade = isMade
    await this.saveSettings(settings)
  }

  /** Present from a start to its orderly end: a run that crashed has left it. */
  started(): Promise<Started | undefined> {
    return readAs(this.paths.started, startedSchema)
  }

  async saveStarted(started: Started | undefined): Promise<void> {
    if (started) await writeAtomic(this.paths.started, jsonText(started))
    else await rm(this.paths.started, { force: true })
  }

  async saved(): Promise<Saved | undefined> {
    const unwritten = this.#unwritten
    if (unwritten) await this.saveSaved(unwritten).catch(() => undefined)
    return (await readAs(this.paths.stateKey, savedSchema)) ?? unwritten
  }

  /** The key comes last: a state without it is no state. One that cannot be written is tried again when it is read. */
  async saveSaved(saved: Saved): Promise<void> {
    this.#unwritten = saved
    await writeAtomic(this.paths.stateKey, jsonText(saved))
    this.#unwritten = undefined
  }

  /** From now on no crash can bring the saved state back. */
  async dropSaved(): Promise<void> {
    this.#unwritten = undefined
    for (const path of [this.paths.stateKey, this.paths.state]) await rm(path, { force: true })
  }

  async boots(): Promise<readonly BootRecord[]> {
    const text = await readFile(this.paths.boots, 'utf8').catch(() => '[]')
    try {
      const boots = JSON.parse(text) as BootRecord[]
      return Array.isArray(boots) ? boots.slice(0, keptBoots) : []
    } catch {
      return []
    }
  }

  /** The newest first; older ones than the tenth are forgotten. */
  async saveBoots(boots: readonly BootRecord[]): Promise<void> {
    await writeAtomic(this.paths.boots, jsonText(boots.slice(0, keptBoots)))
  }

  /** Where the data disk of these settings is. */
  diskPath({ diskDir, backend }: Pick<MachineSettings, 'diskDir' | 'backend'>): string {
    const { disk, diskName } = this.paths
    const path = diskDir === undefined ? disk : join(diskDir, diskName)
    return path.replace(/\.raw$/, this.#extension(backend))
  }

  /** A snapshot is a copy of the disk, of the same kind. */
  snapshotPath(name: string, { backend }: Pick<MachineSettings, 'backend'>): string {
    return join(this.paths.snapshots, `${name}${this.#extension(backend)}`)
  }

  #extension(kind: MachineBackend): string {
    return this.backends.find((backend) => backend.kind === kind)?.disk?.extension ?? '.raw'
  }

  async hasDisk(settings: MachineSettings): Promise<boolean> {
    return (await stat(this.diskPath(settings)).catch(() => undefined)) !== undefined
  }

  /** It is there, or it is missing. */
  async expectsDisk(settings: MachineSettings): Promise<boolean> {
    return this.#isDiskMade || (await this.hasDisk(settings))
  }

  /** Throws `machine.disk-missing` for a disk that was made and is not where the settings say. */
  async checkDisk(settings: MachineSettings): Promise<void> {
    if (!this.#isDiskMade || (await this.hasDisk(settings))) return
    const path = this.diskPath(settings)
    throw new AppError('machine.disk-missing', `The data disk is not at ${path}`, { facts: { path } })
  }
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function readAs<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return v.parse(schema, JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch (error) {
    log.warn('machines', 'a file could not be used', { path, error })
    return undefined
  }
}
