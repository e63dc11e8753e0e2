import type { Layer } from '../../../shared/model'

/** A line of `GET /images/{id}/history`, newest first as the engine gives it. */
export interface RawHistory {
  readonly Id: string
  readonly Created: number
  readonly CreatedBy: string
  readonly Size: number
  readonly Comment: string
  readonly Tags: readonly string[] | null
}

/** A history line, oldest first, and where its layer stands in the image's file system. */
export interface Line extends Omit<Layer, 'sharedWith'> {
  /** Index among the layers; absent where the engine's words do not decide it. */
  readonly position?: number
}

const setsConfig =
  /^(?:\/bin\/sh -c )?#\(nop\)\s+(?!ADD|COPY|WORKDIR)|^(?:CMD|ENTRYPOINT|ENV|LABEL|EXPOSE|USER|ARG|VOLUME|STOPSIGNAL|HEALTHCHECK|MAINTAINER|SHELL|ONBUILD)\b/
const setsWorkdir = /^(?:\/bin\/sh -c )?(?:#\(nop\)\s+)?WORKDIR\b/

/** How likely a line without bytes is a layer all the same: `RUN true` is one, `CMD` never. */
const likeliness = ({ CreatedBy }: RawHistory): number => {
  if (setsConfig.test(CreatedBy)) return 0
  return setsWorkdir.test(CreatedBy) ? 1 : 2
}

/**
 * Joins history with the file system's layers. The engine does not say which lines made no layer; a line
 * with bytes did, and the rest is decided by instruction. Where that leaves a choice, the lines between
 * the first and the last doubtful one get no diff id rather than a wrong one.
 */
export function joinHistory(newestFirst: readonly RawHistory[], diffIds: readonly string[]): Line[] {
  const lines = newestFirst.toReversed()
  const { isLayer, doubtful } = chooseLayers(lines, diffIds.length)
  const count = isLayer.filter(Boolean).length
  const first = doubtful[0] ?? Infinity
  const last = doubtful.at(-1) ?? -1
  let position = 0
  return lines.map((raw, index) => {
    const isEmpty = !isLayer[index]
    const at = isEmpty ? undefined : position++
    const isSure = count === diffIds.length && (index < first || index > last)
    const diffId = at === undefined || !isSure ? undefined : diffIds[at]
    return {
      index,
      command: raw.CreatedBy,
      createdAtMs: raw.Created * 1000,
      sizeBytes: raw.Size,
      isEmpty,
      comment: raw.Comment,
      tags: raw.Tags ?? [],
      ...(at !== undefined && diffId !== undefined && { diffId, position: at }),
    }
  })
}

function chooseLayers(
  lines: readonly RawHistory[],
  layers: number,
): { isLayer: boolean[]; doubtful: number[] } {
  const isLayer = lines.map((line) => line.Size > 0)
  let missing = layers - isLayer.filter(Boolean).length
  for (const rank of [2, 1, 0]) {
    const open = lines.flatMap((line, n) => (!isLayer[n] && likeliness(line) === rank ? [n] : []))
    if (missing <= 0 || open.length === 0) continue
    if (open.length > missing) {
      for (const n of open.slice(0, missing)) isLayer[n] = true
      return { isLayer, doubtful: open }
    }
    for (const n of open) isLayer[n] = true
    missing -= open.length
  }
  return { isLayer, doubtful: [] }
}
