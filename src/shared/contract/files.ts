import * as v from 'valibot'
import type {
  FileFindItem,
  FileList,
  FileReadItem,
  FileRemovalPlan,
  FileRoad,
  FileStat,
  FileUploadDone,
  FileUploadInput,
  FileVersion,
} from '../model/file-entry'
import { call, stream } from './define'
import { bytes, count, engineId, objectId, text, word } from './fields'
import { uploaded, type Uploaded } from './uploads'

/** The kernel takes 4095 bytes of a path; each may stand as four characters. */
const maxPath = 16_384

const wellFormed = v.check<string, string>(
  (path) => !/[\0]|\p{Surrogate}/u.test(path) && !/\\(?!x[0-9a-f]{2})/i.test(path),
  'no path',
)
/** Absolute, as inside the root. See `FileName` for what is escaped. */
export const filePath = v.pipe(v.string(), v.maxLength(maxPath), v.regex(/^\//), wellFormed)
/** Below a folder: no empty part, no `.` and no `..`. */
const below = v.pipe(
  word(maxPath),
  wellFormed,
  v.check((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')),
)

export const filePlace = v.object({
  engine: engineId,
  root: v.object({ kind: v.picklist(['container', 'volume']), id: objectId }),
})
const at = v.object({ ...filePlace.entries, path: filePath })
const mode = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0o7777))
const version = text(128)
const end = v.object({ kind: v.literal('end') })

/**
 * Files of containers, running or stopped, and of volumes. Paths are resolved inside the root: no link and no `..`
 * leaves it. Special files are never opened. Each answer tells its road. Throws `object.not-found` (facts.path),
 * `object.conflict` (facts.path: taken, or changed meanwhile with facts.reason `changed`), `request.invalid`
 * (facts.reason: `not-a-file`, `not-a-folder`, `special`, `kernel`, `not-empty`, `mount`, `read-only`, `across-mounts`),
 * `engine.unsupported` (facts.what `agent`: this road cannot do it).
 */
export const files = {
  'files.list': call(v.object({ ...at.entries, limit: v.optional(count(20_000), 20_000) })).gives<FileList>(),
  /** A last link is not followed. */
  'files.stat': call(at).gives<FileStat>(),
  /** Of links it reads what they lead to. At most 64 MiB; of kernel files 1 MiB. Larger ones are downloads. */
  'files.read': stream(
    v.object({ ...at.entries, offset: v.optional(count(), 0), length: v.optional(count(64 * 1024 * 1024)) }),
  ).of<FileReadItem>(),
  /** Names that hold the text, in a folder and below. Does not leave into kernel file systems. */
  'files.find': stream(
    v.object({ ...at.entries, name: word(255), limit: v.optional(count(10_000), 1000) }),
  ).of<FileFindItem>(),
  'files.makeFolder': call(at).gives<{ road: FileRoad }>(),
  /** Both in the same root. Never replaces: `object.conflict`. */
  'files.rename': call(v.object({ ...at.entries, to: filePath })).gives<{ road: FileRoad }>(),
  'files.removalPlan': call(at).gives<FileRemovalPlan>(),
  /** A folder goes with all that is in it. Links are removed, never followed. */
  'files.remove': call(at).gives<{ road: FileRoad; removed: number }>(),
  'files.chmod': call(v.object({ ...at.entries, mode })).gives<{ road: FileRoad }>(),
  /**
   * Writes a whole file: bytes go up, then `{kind: 'end'}`. With `version` it throws `object.conflict` when the file
   * was changed since; without it replaces whatever file is there, or makes a new one. Mode and owner stay.
   * A write that breaks off leaves the old file.
   */
  'files.write': stream(v.object({ ...at.entries, version: v.optional(version) }), v.union([bytes, end])).of<
    { readonly kind: 'written'; readonly road: FileRoad; readonly version: FileVersion },
    Uint8Array | { kind: 'end' }
  >(),
  /** Files and folders into the folder `path`, as a task. One item comes down, at the end. */
  'files.upload': stream(
    v.object({
      ...at.entries,
      conflict: v.optional(v.picklist(['fail', 'replace', 'skip', 'keep-both']), 'fail'),
      /** What a person would call it: the file's name, or how many. */
      name: text(255),
      totalBytes: v.optional(count()),
    }),
    v.union([
      bytes,
      uploaded,
      end,
      v.object({ kind: v.literal('folder'), path: below }),
      v.object({ kind: v.literal('file'), path: below, sizeBytes: count(), mode: v.optional(mode) }),
    ]),
  ).of<FileUploadDone, FileUploadInput | Uploaded>(),
}
