import type { Handlers } from '../../../shared/contract'
import { pathPart, type EngineOf } from '../engine/engine'
import type { InspectAnswer } from './inspect-answer'

type LifecycleName =
  `containers.${'start' | 'stop' | 'restart' | 'pause' | 'resume' | 'kill' | 'rename' | 'remove'}`

/** Mounting a large image on a slow disk, pulling up a network: all within one answer of the engine. */
const startMs = 120_000
/** Removing a container with a million files walks them all. */
const removeMs = 600_000
/** After the grace period: the engine kills, and waits for the shim. */
const marginMs = 30_000
const defaultGraceS = 10
/** A stop timeout of -1 waits for ever; nothing here does. */
const longestGraceS = 86_400

interface Ref {
  readonly engine: Parameters<EngineOf>[0]
  readonly id: string
}

export function lifecycleHandlers(engineOf: EngineOf): Pick<Handlers, LifecycleName> {
  const act = async (ref: Ref, verb: string, more: ActMore): Promise<null> => {
    await engineOf(ref.engine).json({
      method: 'POST',
      path: `/containers/${pathPart(ref.id)}/${verb}`,
      ...more,
    })
    return null
  }
  const end = async (verb: string, args: Ref & { timeoutS?: number | undefined }, signal: AbortSignal) => {
    const timeoutMs = (await graceS(engineOf, args, signal)) * 1000 + marginMs
    return act(args, verb, { query: { t: args.timeoutS }, timeoutMs, signal })
  }
  return {
    'containers.start': (ref, signal) => act(ref, 'start', { timeoutMs: startMs, signal }),
    'containers.stop': (args, signal) => end('stop', args, signal),
    'containers.restart': (args, signal) => end('restart', args, signal),
    'containers.pause': (ref, signal) => act(ref, 'pause', { signal }),
    'containers.resume': (ref, signal) => act(ref, 'unpause', { signal }),
    'containers.kill': (args, signal) => act(args, 'kill', { query: { signal: args.signal }, signal }),
    'containers.rename': (args, signal) => act(args, 'rename', { query: { name: args.name }, signal }),
    'containers.remove': async (args, signal) => {
      await engineOf(args.engine).json({
        method: 'DELETE',
        path: `/containers/${pathPart(args.id)}`,
        query: { force: args.force, v: args.volumes },
        timeoutMs: removeMs,
        signal,
      })
      return null
    },
  }
}

interface ActMore {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

/** How long the engine may rightly take before it kills: the asked time, the container's own, or the default. */
async function graceS(
  engineOf: EngineOf,
  args: Ref & { timeoutS?: number | undefined },
  signal: AbortSignal,
): Promise<number> {
  if (args.timeoutS !== undefined) return args.timeoutS
  const path = `/containers/${pathPart(args.id)}/json`
  const { Config: config } = await engineOf(args.engine).json<InspectAnswer>({ path, signal })
  const own = config.StopTimeout ?? defaultGraceS
  return own < 0 ? longestGraceS : Math.min(own, longestGraceS)
}
