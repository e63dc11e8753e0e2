import { AppError } from '../../../shared/errors'
import type { EngineFeatures } from '../../../shared/model'

/** The newest API whose changes we have read. */
export const newestApi = '1.51'
/** Below it, `filters` and list shapes differ from all that we send (Engine 1.12, 2016). */
const oldestApi = '1.24'

const parts = (version: string): [number, number] | undefined => {
  const match = /^(\d{1,4})\.(\d{1,4})$/.exec(version)
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

/** Negative when `a` is older than `b`. What is no version is older than everything. */
export function compareApi(a: string, b: string): number {
  const [aMajor, aMinor] = parts(a) ?? [-1, -1]
  const [bMajor, bMinor] = parts(b) ?? [-1, -1]
  return aMajor - bMajor || aMinor - bMinor
}

/**
 * The version to speak: the engine's newest or ours, whichever is older. An engine whose *minimum* is
 * above ours is spoken to at its minimum: the API grows by additions, so that works far better than refusing.
 */
export function negotiateApi(engine: { newest: string; oldest?: string }): string {
  if (!parts(engine.newest))
    throw new AppError('engine.bad-answer', 'The engine does not tell its API version')
  if (compareApi(engine.newest, oldestApi) < 0) {
    throw new AppError('engine.too-old', `The engine speaks API ${engine.newest}; ${oldestApi} is needed`, {
      facts: { apiVersion: engine.newest, needed: oldestApi },
    })
  }
  const agreed = compareApi(engine.newest, newestApi) < 0 ? engine.newest : newestApi
  return engine.oldest && compareApi(engine.oldest, agreed) > 0 ? engine.oldest : agreed
}

/** What is missing is hidden, not broken. Versions by the engine's own API changelog. */
export const featuresOf = (apiVersion: string): EngineFeatures => ({
  platform: compareApi(apiVersion, '1.41') >= 0,
})

export const noFeatures: EngineFeatures = { platform: false }
