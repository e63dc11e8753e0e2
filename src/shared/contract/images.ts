import * as v from 'valibot'
import type { ImageDetail, Layer, PrunePlan, TaskId } from '../model'
import { call, stream } from './define'
import { bytes, engineId, inEngine, ref, text, word } from './fields'
import { uploaded, type Uploaded } from './uploads'

export const images = {
  /** Answers at once; progress, cancel and the end are in the task. */
  'images.pull': call(
    v.object({ engine: engineId, reference: word(1024), platform: v.optional(text(64), '') }),
  ).gives<{ task: TaskId }>(),
  'images.tag': call(v.object({ ...ref.entries, reference: word(1024) })).gives<null>(),
  /** Takes one tag off; the last tag of an unused image removes it: refused here, use `images.remove`. */
  'images.untag': call(v.object({ engine: engineId, reference: word(1024) })).gives<null>(),
  'images.remove': call(v.object({ ...ref.entries, force: v.optional(v.boolean(), false) })).gives<{
    deleted: number
    untagged: number
  }>(),
  /** `all` also takes images that have tags and no container. */
  'images.prunePlan': call(v.object({ engine: engineId, all: v.boolean() })).gives<PrunePlan>(),
  'images.prune': call(v.object({ engine: engineId, ids: v.array(word(128)) })).gives<{
    removed: number
    reclaimedBytes: number
  }>(),
  'images.inspect': call(ref).gives<ImageDetail>(),
  'images.history': call(ref).gives<{ layers: Layer[] }>(),
  /**
   * Reads a tar that the client sends upwards in chunks, or the file at `path` of core's own computer, for which
   * nothing is sent. The task shows progress; the one item is what was loaded.
   */
  'images.load': stream(
    v.object({
      ...{ engine: engineId, name: text(1024), sizeBytes: v.optional(v.number()) },
      path: v.optional(text(4096)),
    }),
    v.union([bytes, uploaded, v.object({ end: v.literal(true) })]),
  ).of<
    { readonly kind: 'loaded'; readonly references: readonly string[] },
    Uint8Array | Uploaded | { end: true }
  >(),
  /** Registries that docker's own config holds credentials for: names only. */
  'registries.list': call(inEngine).gives<{ registries: string[] }>(),
}
