import { copyFile, readFile, rm, stat } from 'node:fs/promises'
import { AppError } from '../../../shared/errors'
import type { Notice } from '../../../shared/model'
import type { AddedEngine, Settings } from '../../../shared/model/settings'
import { Emitter } from '../../../shared/std/emitter'
import { removeUnfinished, writeAtomic } from '../platform/atomic-file'
import { log } from '../platform/log'
import {
  defaultSettings,
  maxFileBytes,
  maxUiBytes,
  readSettings,
  settingsText,
  type ReadSettings,
} from './read-settings'

export interface SettingsFiles {
  readonly settings: string
  readonly settingsLastGood: string
  settingsBad(time: string): string
}

/** What a person may change at once; see `settings.set`. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined }

/** More keys than a window ever has: a loop in it must not grow the file for ever. */
const maxUiKeys = 500

/** The one copy of the settings. Every change is on disk when its promise resolves. */
export class SettingsStore {
  readonly #changed = new Emitter<Settings>()
  #saving: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly files: SettingsFiles,
    private settings: Settings,
    /** Set when the file could not be used as it was: to be told once somebody listens. */
    readonly notice: Notice | undefined,
  ) {}

  /** Reads the file, or its last good copy, or what can be saved of it. Always opens. */
  static async open(files: SettingsFiles, now: () => Date = () => new Date()): Promise<SettingsStore> {
    await removeUnfinished(files.settings)
    await removeUnfinished(files.settingsLastGood)
    const text = await readText(files.settings)
    const copy = await readText(files.settingsLastGood)
    // No file and no copy: a first start. A copy alone: somebody lost the file, that is worth a word.
    if (text === undefined && copy === undefined)
      return new SettingsStore(files, defaultSettings(), undefined)
    const read = text === undefined ? ({ kind: 'unreadable', why: 'missing' } as const) : readSettings(text)
    if (read.kind === 'whole') return new SettingsStore(files, read.settings, undefined)
    const kept = text === undefined ? undefined : await keepAside(files, now())
    const { settings, from } = recovered(read, copy)
    log.warn('settings', 'the settings file could not be used', {
      why: read.why,
      from,
      kept: kept ?? 'nowhere',
    })
    const facts = { why: read.why, from, ...(kept !== undefined && { kept }) }
    const store = new SettingsStore(files, settings, {
      kind: 'settings-recovered',
      name: files.settings,
      facts,
    })
    await store.#save(settings).catch(() => undefined)
    return store
  }

  get current(): Settings {
    return this.settings
  }

  /** Subscribes to every change and returns the undo. */
  onChanged(listener: (settings: Settings) => void): () => void {
    return this.#changed.on(listener)
  }

  /** Changes just the named keys. Throws `settings.read-only`; nothing has changed then. */
  async set(change: SettingsChange): Promise<Settings> {
    const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    return this.#change((settings) => ({ ...settings, ...(named as Partial<Settings>) }))
  }

  /** Remembers one value for the window; `null` forgets. */
  async setUi(key: string, value: unknown): Promise<void> {
    const size = Buffer.byteLength(JSON.stringify(value ?? null))
    if (size > maxUiBytes)
      throw new AppError('input.invalid', `A value of ${size} bytes is too large to remember`, {
        facts: { path: 'value', problem: 'too-large', bytes: size },
      })
    await this.#change((settings) => {
      const ui = new Map(Object.entries(settings.ui))
      ui.delete(key)
      if (value !== null && value !== undefined) ui.set(key, value)
      // The oldest go first: a key that is written moves to the end.
      for (const oldest of [...ui.keys()].slice(0, Math.max(0, ui.size - maxUiKeys))) ui.delete(oldest)
      // Object.fromEntries defines keys, so that `__proto__` is a key like any other.
      return { ...settings, ui: Object.fromEntries(ui) }
    })
  }

  addEngine(engine: AddedEngine): Promise<Settings> {
    return this.#change((settings) => ({ ...settings, engines: [...settings.engines, engine] }))
  }

  removeEngine(id: string): Promise<Settings> {
    return this.#change((settings) => ({
      ...settings,
      engines: settings.engines.filter((engine) => engine.id !== id),
    }))
  }

  /** The person's word on an agent beside the engine at that address. */
  allowAgent(address: string, isAllowed: boolean): Promise<Settings> {
    const agents = { [address]: isAllowed ? ('on' as const) : ('off' as const) }
    return this.#change((settings) => ({ ...settings, agents: { ...settings.agents, ...agents } }))
  }

  /** Back to the defaults and without a file, as before the first start. Throws `settings.read-only`; nothing has changed then. */
  forget(): Promise<Settings> {
    return this.#change(defaultSettings, async () => {
      try {
        // First the copy: alone it would bring everything back.
        await rm(this.files.settingsLastGood, { force: true })
        await rm(this.files.settings, { force: true })
      } catch (cause) {
        throw notWritten(this.files.settings, cause)
      }
    })
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#saving.catch(() => undefined)
  }

  /** One change at a time, so that two that overlap cannot lose one another's keys. */
  #change(
    next: (settings: Settings) => Settings,
    write = (settings: Settings) => this.#save(settings),
  ): Promise<Settings> {
    const step = this.#saving
      .catch(() => undefined)
      .then(async () => {
        const settings = next(this.settings)
        await write(settings)
        this.settings = settings
        this.#changed.emit(settings)
        return settings
      })
    this.#saving = step
    return step
  }

  async #save(settings: Settings): Promise<void> {
    const text = settingsText(settings)
    try {
      await writeAtomic(this.files.settings, text)
      // After the file itself: when this fails or dies half way, the copy is the state before, still good.
      await writeAtomic(this.files.settingsLastGood, text)
    } catch (cause) {
      throw notWritten(this.files.settings, cause)
    }
  }
}

/** The last good copy; else the parts that are right; else defaults. */
function recovered(read: ReadSettings, copy: string | undefined): { settings: Settings; from: string } {
  const good = copy === undefined ? undefined : readSettings(copy)
  if (good?.kind === 'whole') return { settings: good.settings, from: 'last-good' }
  if (read.kind === 'partly') return { settings: read.settings, from: 'parts' }
  return { settings: defaultSettings(), from: 'defaults' }
}

function notWritten(path: string, cause: unknown): AppError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
  log.warn('settings', 'cannot write the settings', { path, reason })
  const code = reason === 'ENOSPC' || reason === 'EDQUOT' ? 'disk.full' : 'settings.read-only'
  return new AppError(code, 'The settings cannot be written', { facts: { path, reason }, cause })
}

/** Copied, not moved: where the folder cannot be written, the original stays. Answers where it is. */
async function keepAside(files: SettingsFiles, now: Date): Promise<string | undefined> {
  const path = files.settingsBad(now.toISOString().replace(/[:.]/g, '-'))
  try {
    await copyFile(files.settings, path)
    return path
  } catch {
    return undefined
  }
}

/** `undefined` where there is no file; what cannot be read counts as damaged, not as absent. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    // Not read at all: a file of gigabytes would end the app here.
    if (size > maxFileBytes) return ''
    return await readFile(path, 'utf8')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : ''
  }
}
