import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineClient } from '../engine/engine'
import { pullImage } from './pull'

const { signal } = new AbortController()
const minutes = 60_000
let said: PassThrough

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  said = new PassThrough()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A pull from an engine that says what is written to `said`. */
function pull(): Promise<{ id: string }> {
  const engine = {
    stream: () => Promise.resolve(said),
    json: () => Promise.resolve({ Id: 'sha256:1' }),
  } as unknown as EngineClient
  const authHeaderFor = () => Promise.resolve({})
  const pulling = pullImage(engine, 'a/b:1', { authHeaderFor, signal, progress: () => undefined })
  pulling.catch(() => undefined)
  return pulling
}
const say = (line: object): void => void said.write(`${JSON.stringify(line)}\n`)
const layer = (status: string, progressDetail = {}) => ({ id: 'a', status, progressDetail })

/** Says a line every ten seconds. */
async function sayFor(ms: number, line: () => object): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    say(line())
    await vi.advanceTimersByTimeAsync(10_000)
  }
}

test('a registry that has stopped is told as such, although the engine repeats where it stands', async () => {
  const pulling = pull()
  await sayFor(6 * minutes, () => layer('Downloading', { current: 5, total: 10 }))
  await expect(pulling).rejects.toMatchObject({
    code: 'registry.unreachable',
    facts: { detail: 'no progress' },
  })
})

test('a slow registry is waited for', async () => {
  const pulling = pull()
  let current = 0
  await sayFor(30 * minutes, () => layer('Downloading', { current: current++, total: 1000 }))
  say({ status: 'Status: Downloaded newer image for a/b:1' })
  said.end()
  expect(await pulling).toEqual({ id: 'sha256:1' })
})

test('an engine may unpack what has come for as long as it takes, without a word', async () => {
  const pulling = pull()
  say(layer('Downloading', { current: 5, total: 10 }))
  say(layer('Download complete'))
  await vi.advanceTimersByTimeAsync(30 * minutes)
  say({ status: 'Status: Downloaded newer image for a/b:1' })
  said.end()
  expect(await pulling).toEqual({ id: 'sha256:1' })
})

test('an engine that has all content and only names its layers may unpack them in silence, not for ever', async () => {
  const patient = pull()
  say(layer('Pulling fs layer'))
  await vi.advanceTimersByTimeAsync(29 * minutes)
  say({ status: 'Status: Image is up to date for a/b:1' })
  said.end()
  expect(await patient).toEqual({ id: 'sha256:1' })
  said = new PassThrough()
  const hung = pull()
  say(layer('Pulling fs layer'))
  await vi.advanceTimersByTimeAsync(31 * minutes)
  await expect(hung).rejects.toMatchObject({
    code: 'registry.unreachable',
    message: expect.stringContaining('1800 s') as string,
  })
})
