import * as v from 'valibot'

/** What a person added: addresses and file paths only, never key material. */
export const addedEngineSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
  address: v.variant('kind', [
    v.object({ kind: v.literal('unix'), path: v.pipe(v.string(), v.startsWith('/'), v.maxLength(4096)) }),
    v.object({
      kind: v.literal('tcp'),
      host: v.pipe(v.string(), v.minLength(1), v.maxLength(255), v.regex(/^[A-Za-z0-9.:_-]+$/)),
      port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
      tls: v.optional(
        v.object({
          caFile: v.optional(v.pipe(v.string(), v.maxLength(4096))),
          certFile: v.optional(v.pipe(v.string(), v.maxLength(4096))),
          keyFile: v.optional(v.pipe(v.string(), v.maxLength(4096))),
        }),
      ),
    }),
    v.object({
      kind: v.literal('ssh'),
      // No dash in front and no blanks: both also go into a ProxyCommand of the person's own config.
      host: v.pipe(v.string(), v.maxLength(255), v.regex(/^[A-Za-z0-9_:.[][A-Za-z0-9.:_%\]-]*$/)),
      user: v.optional(v.pipe(v.string(), v.maxLength(64), v.regex(/^[A-Za-z0-9_.][A-Za-z0-9_.@\\-]*$/))),
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
      identityFile: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
    }),
  ]),
})

export const settingsSchema = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  language: v.optional(v.picklist(['system', 'en', 'ko']), 'system'),
  notify: v.optional(
    v.object({
      died: v.optional(v.boolean(), true),
      unhealthy: v.optional(v.boolean(), true),
    }),
    {},
  ),
  closeToTray: v.optional(v.boolean(), true),
  /** `auto` goes the roads in order; `private` always uses the engine that core starts itself. */
  localEngine: v.optional(v.picklist(['auto', 'private']), 'auto'),
  /** The private engine ends with the app unless this is on. */
  keepPrivateEngine: v.optional(v.boolean(), false),
  engines: v.optional(v.array(addedEngineSchema), []),
  /**
   * The person's word on an agent beside an engine, by the engine's address: what was allowed of one engine is not
   * allowed of another that the same name leads to tomorrow.
   */
  agents: v.optional(v.record(v.pipe(v.string(), v.maxLength(4096)), v.picklist(['on', 'off'])), {}),
  /** Lists show the containers and images of our own that serve core. */
  showHelpers: v.optional(v.boolean(), false),
  /** What the window remembers of itself: columns, widths, sizes. Keys are the window's own. */
  ui: v.optional(v.record(v.pipe(v.string(), v.maxLength(128)), v.unknown()), {}),
})

export type Settings = v.InferOutput<typeof settingsSchema>
export type AddedEngine = v.InferOutput<typeof addedEngineSchema>
