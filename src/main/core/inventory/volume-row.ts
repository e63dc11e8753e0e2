import type { EngineId, Volume } from '../../../shared/model'
import { answer, list, pairs, text, timeMs } from './reading'

/** A row of `GET /volumes`, or one inspect: the same shape. `undefined` for what has no name. */
export function volumeRow(engine: EngineId, value: unknown): Volume | undefined {
  const row = answer(value)
  const id = text(row['Name'])
  if (!id) return undefined
  const labels = pairs(row['Labels'])
  return {
    engine,
    id,
    driver: text(row['Driver']),
    mountpoint: text(row['Mountpoint']),
    createdAtMs: timeMs(row['CreatedAt']),
    scope: text(row['Scope']),
    labels,
    options: pairs(row['Options']),
    // The label came with Engine 23; before, only the engine gives names like these.
    isAnonymous:
      row['Anonymous'] === true ||
      Object.hasOwn(labels, 'com.docker.volume.anonymous') ||
      /^[0-9a-f]{64}$/.test(id),
  }
}

export const volumeRows = (engine: EngineId, value: unknown): Volume[] =>
  list(answer(value)['Volumes']).flatMap((row) => volumeRow(engine, row) ?? [])
