import type { CheckedArgs, Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { AgentFor } from '../agent/agents'
import type { EngineOf } from '../engine/engine'

export interface LayersDeps {
  readonly engineOf: EngineOf
  readonly agentFor: AgentFor
}

type LayerCalls = Pick<Handlers, Extract<keyof Handlers, `layers.${string}`>>

export interface Layers {
  readonly handlers: LayerCalls
  /** The bytes behind a download. */
  readonly download: (asked: LayerFileArgs, signal: AbortSignal) => AsyncIterable<Uint8Array>
}

type LayerFileArgs = Omit<CheckedArgs<'layers.file'>, 'offset' | 'length'>

export function createLayers(_deps: LayersDeps): Layers {
  const missing = (): never => {
    throw new AppError('engine.unsupported', 'Layers are not served yet')
  }
  return {
    download: missing,
    handlers: {
      'layers.read': missing,
      'layers.children': missing,
      'layers.entry': missing,
      'layers.find': missing,
      'layers.wasted': missing,
      'layers.sizes': missing,
      'layers.file': missing,
      'layers.compare': missing,
      'layers.compareChildren': missing,
      'layers.changes': missing,
    },
  }
}
