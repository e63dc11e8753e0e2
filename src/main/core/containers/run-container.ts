import { AppError, isCode } from '../../../shared/errors'
import type { ContainerId, Progress, RunSpec } from '../../../shared/model'
import { checkRunSpec, specToCreateBody } from '../../../shared/run'
import { pathPart, type EngineClient } from '../engine/engine'
import { cancelled } from '../engine/engine-error'
import { log } from '../platform/log'
import { withSignal } from '../platform/with-signal'

/** Brings an image to an engine. */
export type Pull = (
  engine: EngineClient,
  reference: string,
  options: { platform: string; signal: AbortSignal; progress: (progress: Progress) => void },
) => Promise<void>

export interface RunRequest {
  readonly engine: EngineClient
  readonly spec: RunSpec
  readonly start: boolean
  readonly signal: AbortSignal
  readonly pull: Pull | undefined
  readonly progress: (progress: Progress) => void
}
export interface Ran {
  readonly id: ContainerId
  readonly warnings: string[]
}

const createMs = 120_000
const startMs = 120_000
const removeMs = 60_000

/**
 * Checks, pulls when the image is missing, creates and starts. When the engine refuses the start, or the
 * person cancels, the container just made goes again, with its anonymous volumes: the form is still open,
 * and the next try must not fail at a name that the last one took. Where that is not possible, the error's
 * `kept` names what stayed. Only a road that breaks while the engine creates may leave one: nobody heard its id.
 */
export async function runContainer(request: RunRequest): Promise<Ran> {
  refuseBad(request.spec)
  const created = await createWithImage(request)
  const ran = { id: created.Id as ContainerId, warnings: created.Warnings ?? [] }
  if (!request.start) return ran
  try {
    request.progress({ note: 'Starting' })
    await request.engine.json({
      method: 'POST',
      path: `/containers/${pathPart(ran.id)}/start`,
      timeoutMs: startMs,
      signal: request.signal,
    })
    return ran
  } catch (error) {
    throw await takeBack(request, ran.id, error)
  }
}

function refuseBad(spec: RunSpec): void {
  const [problem] = checkRunSpec(spec)
  if (!problem) return
  throw new AppError('input.invalid', `The field ${problem.path} is not right: ${problem.code}`, {
    facts: { ...problem.facts, path: problem.path, problem: problem.code },
  })
}

interface Created {
  readonly Id: string
  readonly Warnings?: string[] | null
}

/** Creating first costs nothing where the image is there, which is nearly always. */
async function createWithImage(request: RunRequest): Promise<Created> {
  const { engine, spec, signal, pull } = request
  try {
    return await create(request)
  } catch (error) {
    if (!isCode(error, 'object.not-found') || !pull || (await hasImage(request))) throw error
    await pull(engine, spec.image, { platform: spec.platform, signal, progress: request.progress })
    return create(request)
  }
}

/**
 * Not under the caller's signal: an engine that is cut off goes on making the container, and nobody would know its
 * id. Who cancels goes at once all the same; what comes after is taken back.
 */
async function create(request: RunRequest): Promise<Created> {
  const { engine, spec, signal } = request
  if (signal.aborted) throw cancelled()
  const made = engine.json<Created>({
    method: 'POST',
    path: '/containers/create',
    query: { name: spec.name || undefined, platform: spec.platform || undefined },
    body: specToCreateBody(spec),
    timeoutMs: createMs,
  })
  try {
    return await withSignal(made, signal)
  } catch (thrown) {
    const error = thrown === signal.reason ? cancelled() : thrown
    if (signal.aborted) void takeBackLate(request, made, error)
    throw error
  }
}

/** Nobody waits for it: what stays is told to the log alone. */
async function takeBackLate(request: RunRequest, made: Promise<Created>, error: unknown): Promise<void> {
  const created = await made.catch(() => undefined)
  if (!created) return
  const left = await takeBack(request, created.Id, error)
  if (left !== error) log.warn('containers', 'a cancelled container stays', { id: created.Id, error: left })
}

/** A missing network or volume driver answers 404 as a missing image does. */
async function hasImage({ engine, spec, signal }: RunRequest): Promise<boolean> {
  if (spec.platform) return false
  try {
    await engine.json({ path: `/images/${pathPart(spec.image)}/json`, signal })
    return true
  } catch (error) {
    if (isCode(error, 'object.not-found')) return false
    throw error
  }
}

async function takeBack(request: RunRequest, id: string, error: unknown): Promise<unknown> {
  const { engine, spec } = request
  try {
    // Not the caller's signal: it may be the reason why we are here.
    await engine.json({
      method: 'DELETE',
      path: `/containers/${pathPart(id)}`,
      query: { force: true, v: true },
      timeoutMs: removeMs,
    })
    return error
  } catch (failed) {
    // With `--rm` the engine was quicker.
    if (isCode(failed, 'object.not-found') || !(error instanceof AppError)) return error
    const facts = { ...error.facts, kept: spec.name || id.slice(0, 12) }
    return new AppError(error.code, error.message, { facts, cause: error })
  }
}
