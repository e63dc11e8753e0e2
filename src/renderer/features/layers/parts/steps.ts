import type { ImageLayer, Layer, LayerSummary } from '../../../../shared/model'

/** One line of the image's history with the layer that it made, if it made one. */
export interface Step {
  /** Among all lines, from 0. */
  readonly index: number
  /** Among the layers; absent for a step that changed configuration only. */
  readonly layer: number | undefined
  readonly command: string
  readonly createdAtMs: number
  readonly sizeBytes: number
  readonly history: Layer | undefined
  /** Absent until the layers were read. */
  readonly read: ImageLayer | undefined
}

/** The engine's history and what was read, as one list. Either may be missing; what was read is nearer to the truth. */
export function joinSteps(
  history: readonly Layer[] | undefined,
  summary: LayerSummary | undefined,
): readonly Step[] {
  const real = history?.filter((one) => !one.isEmpty).length
  // An image whose history tells of fewer or more layers than it has: lines cannot be matched by their place.
  if (!history || (summary && real !== summary.layers.length))
    return (summary?.layers ?? []).map((read) => ({ ...ofLayer(read), history: undefined }))
  let next = 0
  return history.map((line) => {
    const layer = line.isEmpty ? undefined : next++
    const read = layer === undefined ? undefined : summary?.layers[layer]
    return {
      index: line.index,
      layer,
      command: line.command || line.comment,
      createdAtMs: line.createdAtMs,
      sizeBytes: read?.sizeBytes ?? line.sizeBytes,
      history: line,
      read,
    }
  })
}

const ofLayer = (read: ImageLayer): Omit<Step, 'history'> => ({
  index: read.index,
  layer: read.index,
  command: read.command,
  createdAtMs: read.createdAtMs,
  sizeBytes: read.sizeBytes,
  read,
})
