import * as v from 'valibot'
import type { ActivityItem, Settings } from '../model'
import { settingsSchema } from '../model/settings'
import { call, stream } from './define'
import { filePath, filePlace } from './files'
import { count, engineId, none, objectId, taskId, text, word } from './fields'
import { layerPath } from './layers'

const { theme, language, notify, closeToTray, localEngine, keepPrivateEngine, showHelpers } =
  settingsSchema.entries
const changeable = v.partial(
  v.strictObject({ theme, language, notify, closeToTray, localEngine, keepPrivateEngine, showHelpers }),
)

export const app = {
  'app.info': call(none).gives<{
    version: string
    platform: string
    isRoot: boolean
    host: 'desktop' | 'serve'
    dataDir: string
    logFile: string
  }>(),
  /** Asks the open windows to show a page: a path of their router. */
  'window.show': call(v.object({ path: v.pipe(word(1024), v.regex(/^\/[^\u0000-\u001f]*$/)) })).gives<null>(),
  'activity.watch': stream(none).of<ActivityItem>(),
  'tasks.cancel': call(v.object({ task: taskId })).gives<null>(),
  /** Drops what has ended from the list. */
  'activity.clear': call(none).gives<null>(),
  'settings.get': call(none).gives<Settings>(),
  /** Changes just the named keys. Answers the whole. */
  'settings.set': call(changeable).gives<Settings>(),
  /** What the window remembers of itself; `null` forgets. At most 64 KiB a key. */
  'settings.setUi': call(v.object({ key: word(128), value: v.unknown() })).gives<null>(),
  /**
   * A one-time ticket for the path `/download/<ticket>` of the window's own origin, good for 60 s.
   * The ticket, not the token, is in the address; it opens one thing once.
   */
  'downloads.prepare': call(
    v.variant('what', [
      v.object({
        what: v.literal('image'),
        engine: engineId,
        references: v.pipe(v.array(word(1024)), v.minLength(1), v.maxLength(100)),
        name: text(255),
      }),
      v.object({
        what: v.literal('logs'),
        engine: engineId,
        id: objectId,
        timestamps: v.optional(v.boolean(), false),
        name: text(255),
      }),
      /** A file of an image's layer: the arguments of `layers.file`. */
      v.object({
        what: v.literal('layer-file'),
        engine: engineId,
        id: objectId,
        layer: count(4096),
        view: v.picklist(['layer', 'sum']),
        path: layerPath,
        name: text(255),
      }),
      /** The bytes of a file. */
      v.object({ what: v.literal('file'), ...filePlace.entries, path: filePath, name: text(255) }),
      /** A tar of a folder: its own name is the first entry. */
      v.object({ what: v.literal('folder'), ...filePlace.entries, path: filePath, name: text(255) }),
    ]),
  ).gives<{ ticket: string; name: string }>(),
  /** What stands behind a ticket: first its name, then its bytes. For the servers of `/download/`. */
  'downloads.read': stream(v.object({ ticket: word(128) })).of<
    { readonly kind: 'head'; readonly name: string; readonly sizeBytes?: number } | Uint8Array
  >(),
}
