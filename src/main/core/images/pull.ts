import type { Readable } from 'node:stream'
import { AppError, isCode } from '../../../shared/errors'
import type { Progress } from '../../../shared/model'
import { parseReference, type Reference } from '../../../shared/run/reference'
import { pathPart, type EngineClient } from '../engine/engine'
import { progressError } from '../engine/engine-error'
import { readJsonLines } from '../engine/json-lines'
import { LayerProgress } from './layer-progress'
import { readMessage } from './stream-message'

/** What goes with a pull: a header, or why there is none. Throws only when aborted. */
export type AuthHeaderFor = (
  reference: string,
  signal?: AbortSignal,
) => Promise<{ readonly header?: string; readonly problem?: AppError }>

export interface PullOptions {
  /** `linux/arm64`; empty is the engine's own. */
  readonly platform?: string
  readonly authHeaderFor: AuthHeaderFor
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** An engine says nothing until the registry answered, and a registry may be slow to. */
const headDeadlineMs = 120_000
/** Between two news of the engine; it tells of each megabyte, so this is a registry that has stopped. */
const silenceMs = 300_000
/** How many of these are borne. An engine may unpack a large image for as long as it takes, without a word. */
const silences = { registry: 1, either: 6, engine: Infinity }
const tellEveryMs = 100

/**
 * Pulls an image as `docker pull` does and answers its id. A stream that ends without the engine's last
 * word is an engine that died (a killed one ends cleanly), so the end is believed only when the image is there.
 */
export async function pullImage(
  engine: EngineClient,
  reference: string,
  options: PullOptions,
): Promise<{ id: string }> {
  const asked = readReference(reference)
  const { signal } = options
  const auth = await options.authHeaderFor(reference, signal)
  try {
    const stream = await engine.stream({
      method: 'POST',
      path: '/images/create',
      query: { ...fromImage(asked), platform: options.platform || undefined },
      headers: { ...(auth.header !== undefined && { 'X-Registry-Auth': auth.header }) },
      headTimeoutMs: headDeadlineMs,
      signal,
    })
    await readPull(stream, asked, options)
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled', { cause: error })
    // Only now is it the person's problem that their credentials could not be read.
    if (auth.problem && wantsLogin(error)) throw auth.problem
    throw named(error, asked)
  }
  return imageIdOf(engine, asked, signal)
}

/** Without a tag the engine would pull every tag there is. */
export function readReference(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) {
    throw new AppError('input.invalid', `${text} is not an image reference`, {
      facts: { path: 'reference', problem: parsed.problem, value: text.slice(0, 200) },
    })
  }
  const { value } = parsed
  if (value.tag !== undefined || value.digest !== undefined) return value
  return { ...value, tag: 'latest', familiar: `${value.familiar}:latest` }
}

export const nameOf = ({ domain, path }: Reference): string => `${domain}/${path}`

const fromImage = (reference: Reference): { fromImage: string; tag: string } => ({
  fromImage: nameOf(reference),
  // The engine takes a digest in the tag's place.
  tag: reference.digest ?? reference.tag ?? 'latest',
})

async function readPull(stream: Readable, reference: Reference, options: PullOptions): Promise<void> {
  const state = new LayerProgress()
  let isFinished = false
  // By the clock, not by the message: what came last before a stall must be told too.
  const telling = setInterval(() => tell(state, options), tellEveryMs)
  let passed = 0
  const silence = setTimeout(() => {
    passed += 1
    if (passed >= silences[state.awaits]) stream.destroy(silent(reference, passed * silenceMs))
    else silence.refresh()
  }, silenceMs)
  try {
    for await (const value of readJsonLines(stream, options.signal)) {
      const failure = progressError(value)
      if (failure) throw failure
      const message = readMessage(value)
      if (!message) continue
      if (message.id === undefined && message.status?.startsWith('Status: ')) isFinished = true
      if (!state.add(message)) continue
      passed = 0
      silence.refresh()
    }
  } finally {
    clearTimeout(silence)
    clearInterval(telling)
    tell(state, options)
  }
  if (!isFinished) throw engineWentAway(reference)
}

function tell(state: LayerProgress, options: PullOptions): void {
  const progress = state.take()
  if (progress) options.progress(progress)
}

const wantsLogin = (error: unknown): boolean =>
  isCode(error, 'registry.unauthorized') ||
  (isCode(error, 'registry.not-found') && error.facts.mayNeedLogin === true)

/** The same problem, saying of which image and registry. */
function named(error: unknown, { domain, familiar }: Reference): unknown {
  if (!(error instanceof AppError)) return error
  const facts = { ...error.facts, reference: familiar, registry: domain }
  return new AppError(error.code, `Pulling ${familiar}: ${error.message}`, { facts, cause: error })
}

const silent = ({ domain, familiar }: Reference, ms: number): AppError =>
  new AppError('registry.unreachable', `Pulling ${familiar} stood still for ${ms / 1000} s`, {
    facts: { reference: familiar, registry: domain, detail: 'no progress' },
  })

const engineWentAway = ({ familiar }: Reference): AppError =>
  new AppError('engine.unreachable', `The engine went away while pulling ${familiar}`, {
    facts: { reference: familiar },
  })

async function imageIdOf(
  engine: EngineClient,
  reference: Reference,
  signal: AbortSignal,
): Promise<{ id: string }> {
  const name = reference.digest
    ? `${nameOf(reference)}@${reference.digest}`
    : `${nameOf(reference)}:${reference.tag ?? 'latest'}`
  const image = await engine.json<{ Id: string }>({ path: `/images/${pathPart(name)}/json`, signal })
  return { id: image.Id }
}
