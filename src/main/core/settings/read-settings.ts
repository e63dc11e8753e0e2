import * as v from 'valibot'
import { addedEngineSchema, settingsSchema, type Settings } from '../../../shared/model/settings'

/** The version of the file's shape. A file of a later one was written by a newer Slipway. */
export const settingsVersion = 1

/** At most this much text for one key of the window's memory. */
export const maxUiBytes = 64 * 1024
/** Far more than any honest file: 500 full keys would not reach it. */
export const maxFileBytes = 8 * 1024 * 1024

export const defaultSettings = (): Settings => ({
  ...v.parse(settingsSchema, {}),
  // Valibot hands out the one default object: nobody may write into a shared one.
  ...{ engines: [], agents: {}, ui: {}, notify: { died: true, unhealthy: true } },
})

/** `whole`: as written. `partly`: what could be understood, with defaults for the rest. */
export type ReadSettings =
  | { readonly kind: 'whole'; readonly settings: Settings }
  | { readonly kind: 'partly'; readonly settings: Settings; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string }

/** Understands the text of a settings file, whatever became of it. Never throws. */
export function readSettings(text: string): ReadSettings {
  if (text.length > maxFileBytes) return { kind: 'unreadable', why: 'too-large' }
  let value: unknown
  try {
    // Editors on Windows put a byte order mark first; JSON knows none.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { kind: 'unreadable', why: 'not-json' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'unreadable', why: 'not-an-object' }
  const { version, ...fields } = value as Record<string, unknown>
  const known = version === undefined || version === settingsVersion
  const parsed = v.safeParse(settingsSchema, fields)
  if (parsed.success && known) return { kind: 'whole', settings: withOwnParts(parsed.output) }
  const why = known ? 'wrong-values' : 'other-version'
  return { kind: 'partly', settings: fieldByField(fields), why }
}

const withOwnParts = (settings: Settings): Settings => ({
  ...settings,
  agents: { ...settings.agents },
  ui: { ...settings.ui },
  notify: { ...settings.notify },
})

/** Keeps each value that is right by itself; the others get their default. */
function fieldByField(fields: Record<string, unknown>): Settings {
  const kept: Record<string, unknown> = { ...defaultSettings() }
  for (const [name, schema] of Object.entries(settingsSchema.entries)) {
    if (!Object.hasOwn(fields, name)) continue
    const parsed = v.safeParse(schema, fields[name])
    if (parsed.success) kept[name] = parsed.output
  }
  // One bad address must not take the other engines of the list with it.
  if (Array.isArray(fields['engines']))
    kept['engines'] = fields['engines'].flatMap((engine) => {
      const parsed = v.safeParse(addedEngineSchema, engine)
      return parsed.success ? [parsed.output] : []
    })
  return kept as Settings
}

export const settingsText = (settings: Settings): string =>
  `${JSON.stringify({ version: settingsVersion, ...settings }, null, 2)}\n`
