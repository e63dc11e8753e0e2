import { expect, test } from 'vitest'
import type { EngineClient } from '../engine/engine'
import { saveImages } from './tar-transfer'

/** An engine whose answer ends in order, whatever it is. */
const answering = (...pieces: readonly (string | Uint8Array)[]): EngineClient =>
  ({
    bytes: () =>
      Promise.resolve(
        (async function* () {
          // A piece is good until the next is asked for: one buffer for all, as the real client has it.
          const kept = Buffer.alloc(8192)
          for (const piece of pieces) {
            const bytes = Buffer.from(piece)
            bytes.copy(kept)
            yield await Promise.resolve(kept.subarray(0, bytes.length))
          }
        })(),
      ),
  }) as unknown as EngineClient

async function sizeOf(engine: EngineClient): Promise<number> {
  let bytes = 0
  for await (const piece of await saveImages(engine, ['a:1'])) bytes += piece.byteLength
  return bytes
}
const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes)

test('a tar that ends as a tar does is whole, in whatever pieces its end comes', async () => {
  expect(await sizeOf(answering('layers', zeros(1024)))).toBe(1030)
  expect(await sizeOf(answering('layers', zeros(1), zeros(500), zeros(523)))).toBe(1030)
})

test('the words of an engine that failed on the way are its error, not the end of a file', async () => {
  const words = `${JSON.stringify({ errorDetail: { message: 'disk on fire' }, error: 'disk on fire' })}\r\n`
  const failure = { code: 'engine.failed', facts: { detail: 'disk on fire' } }
  await expect(sizeOf(answering('{layers', zeros(6000), words))).rejects.toMatchObject(failure)
  await expect(sizeOf(answering(zeros(6000), words.slice(0, 20), words.slice(20)))).rejects.toMatchObject(
    failure,
  )
})

test.each([
  ['cut', ['layers', zeros(100)]],
  ['empty', []],
  ['of other words', ['{"error half']],
])('an answer that is %s broke off', async (_, pieces) => {
  await expect(sizeOf(answering(...pieces))).rejects.toMatchObject({ code: 'engine.unreachable' })
})
