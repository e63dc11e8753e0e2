import type { EngineId, Image, ImageId } from '../../../shared/model'
import { answer, list, number, pairs, text, texts, timeMs } from './reading'

/**
 * A row of `GET /images/json`, or an `inspect` of one image: they tell the same in other shapes. `undefined`
 * for what has no id.
 */
export function imageRow(engine: EngineId, value: unknown): Image | undefined {
  const row = answer(value)
  const id = text(row['Id'])
  if (!id) return undefined
  return {
    engine,
    // Podman lists ids without their algorithm.
    id: (/^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id) as ImageId,
    tags: texts(row['RepoTags']).filter(isTag).sort(),
    digests: texts(row['RepoDigests']).filter(isNamed).sort(),
    // Lists tell whole seconds: both shapes must give one row.
    createdAtMs: Math.floor(timeMs(row['Created']) / 1000) * 1000,
    sizeBytes: Math.max(0, number(row['Size'])),
    labels: pairs(row['Labels'] ?? answer(row['Config'])['Labels']),
  }
}

/** containerd's image store lists an image that was pulled by its digest with that for a tag. */
const isTag = (reference: string): boolean => isNamed(reference) && !reference.includes('@')

const isNamed = (reference: string): boolean => !/^<none>|<none>$/.test(reference)

export const imageRows = (engine: EngineId, value: unknown): Image[] =>
  list(value).flatMap((row) => imageRow(engine, row) ?? [])
