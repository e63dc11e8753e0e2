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
    tags: tagsOf(row['RepoTags']).sort(),
    digests: digestsOf(row['RepoDigests']).sort(),
    // Lists tell whole seconds: both shapes must give one row.
    createdAtMs: Math.floor(timeMs(row['Created']) / 1000) * 1000,
    sizeBytes: Math.max(0, number(row['Size'])),
    labels: pairs(row['Labels'] ?? answer(row['Config'])['Labels']),
  }
}

/** Of `RepoTags`, each once. containerd's image store tells the digest that an image was pulled by as a tag, too. */
export const tagsOf = (references: unknown): string[] => [...new Set(texts(references).filter(isTag))]

/** Of `RepoDigests`, each once: that store tells it for each name that it has of a repository. */
export const digestsOf = (references: unknown): string[] => [...new Set(texts(references).filter(isNamed))]

const isTag = (reference: string): boolean => isNamed(reference) && !reference.includes('@')

const isNamed = (reference: string): boolean => !/^<none>|<none>$/.test(reference)

export const imageRows = (engine: EngineId, value: unknown): Image[] =>
  list(value).flatMap((row) => imageRow(engine, row) ?? [])
