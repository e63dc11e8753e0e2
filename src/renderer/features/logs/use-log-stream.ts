import { useCallback, useEffect, useRef, useState } from 'react'
import type { Args } from '../../../shared/contract'
import type { EngineId } from '../../../shared/model'
import { openStream, useConnection } from '../../api'
import { useRow } from '../../store/inventory'
import type { LogModel } from './log-model'
import { boundsOf, type LogRange } from './log-range'
import type { TailChoice } from './log-settings'
import { lastTimeOf, type LogState, readLogs } from './log-stream'

export interface LogRequest {
  readonly engine: EngineId
  readonly id: string
  readonly tail: TailChoice
  readonly range: LogRange
}

/** What is read now: from the beginning, or on from the last line after the stream had ended. */
interface Round {
  readonly number: number
  readonly goesOn: boolean
}

/** The list tells that a container runs a moment before or after its log ends: no need to hurry. */
const goOnAfterMs = 1000
/** A container whose log ends at once again and again is not followed for ever. */
const maxFruitless = 3

/** Keeps the model filled for as long as the view is there. A container that is started again is followed on. */
export function useLogStream(
  model: LogModel,
  request: LogRequest,
): { readonly state: LogState; readonly reload: () => void } {
  const [state, setState] = useState<LogState>({ kind: 'opening' })
  const [round, setRound] = useState<Round>({ number: 0, goesOn: false })
  const fruitless = useRef(0)
  const { engine, id, tail, range } = request
  useEffect(() => {
    const after = round.goesOn ? lastTimeOf(model.ring) : undefined
    if (!round.goesOn) model.reset()
    const args = argsOf({ engine, id, tail, range }, after)
    return readLogs({
      open: (asked) => openStream('containers.logs', asked),
      args,
      model,
      onState: (next) => {
        if (next.kind === 'live') fruitless.current = 0
        setState(next)
      },
      ...(after !== undefined && { after }),
    })
  }, [model, engine, id, tail, range, round])
  const reload = useCallback(() => setRound(({ number }) => ({ number: number + 1, goesOn: false })), [])
  const goOn = useCallback(() => setRound(({ number }) => ({ number: number + 1, goesOn: true })), [])
  const isRunning = useRow('containers', { engine, id })?.state === 'running'
  const isConnected = useConnection().state === 'connected'
  const isOpenEnded = boundsOf(range, 0).until === undefined
  const canGoOn =
    (state.kind === 'ended' && isRunning && isOpenEnded) ||
    (state.kind === 'failed' && state.error.code === 'core.gone' && isConnected)
  useEffect(() => {
    if (!canGoOn || fruitless.current >= maxFruitless) return undefined
    const timer = setTimeout(() => {
      fruitless.current++
      model.mark({ kind: state.kind === 'ended' ? 'restarted' : 'resumed' })
      goOn()
    }, goOnAfterMs)
    return () => clearTimeout(timer)
  }, [canGoOn, goOn, model, state.kind])
  return { state, reload }
}

function argsOf(request: LogRequest, after: string | undefined): Args<'containers.logs'> {
  const { since, until } = boundsOf(request.range, Date.now())
  const { engine, id, tail } = request
  const isPast = until !== undefined && until * 1000 < Date.now()
  const base = { engine, id, timestamps: true, follow: !isPast, ...(until !== undefined && { until }) }
  // A second early: what was seen already is left out by its exact time.
  if (after !== undefined) return { ...base, since: Math.max(0, Math.floor(Date.parse(after) / 1000) - 1) }
  return { ...base, ...(since !== undefined && { since }), ...(tail !== 'all' && { tail: Number(tail) }) }
}
