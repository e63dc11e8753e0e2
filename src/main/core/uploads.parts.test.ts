/** What is put into an engine by ticket: the bytes come on another road than the stream that they stand in. */
import { randomBytes } from 'node:crypto'
import { expect, inject, onTestFinished, test } from 'vitest'
import { imageTar } from '../../../testing/engine/images'
import { loneCore } from '../../../testing/services/lone-core'
import { fresh, live, local, ServiceLab } from '../../../testing/services/service-lab'
import { codeOf } from '../../../testing/transports/lab'
import type { Input } from '../../shared/contract'
import type { Uploaded } from '../../shared/contract/uploads'
import type { Core } from './core'

const reference = `${fresh('sent')}:1`
const tar = imageTar({ reference, layers: [[{ name: 'a', data: randomBytes(3_000_000) }]] })
const pieceBytes = 100_000

async function* pieces(count = Infinity): AsyncGenerator<Input<'uploads.write'>> {
  for (let at = 0; at < tar.length && at / pieceBytes < count; at += pieceBytes)
    yield await Promise.resolve(tar.subarray(at, at + pieceBytes))
  if (count === Infinity) yield { kind: 'end' }
}

const bring = async (core: Core, ticket: string, input = pieces()): Promise<void> => {
  for await (const item of core.handlers['uploads.write']({ ticket }, { input, signal: live })) void item
}

/** Loads what comes for the ticket. Answers what was loaded. */
async function load(core: Core, ticket: string): Promise<readonly string[]> {
  const input = async function* (): AsyncGenerator<Input<'images.load'>> {
    yield { kind: 'upload', ticket } satisfies Uploaded
    yield await Promise.resolve({ end: true as const })
  }
  const what = { engine: local, name: 'sent.tar', sizeBytes: tar.length }
  for await (const item of core.handlers['images.load'](what, { input: input() as never, signal: live }))
    return item.references
  return []
}

async function open() {
  const socket = inject('engineSocket')
  const core = await loneCore(socket)
  const lab = await ServiceLab.connect(socket)
  onTestFinished(() => lab.dropImage(reference))
  return { core, lab, ...(await core.handlers['uploads.prepare']({}, live)) }
}

test('an image is loaded from what comes for its ticket', async () => {
  const { core, ticket, lab } = await open()
  expect(await lab.hasImage(reference)).toBe(false)
  const [loaded] = await Promise.all([load(core, ticket), bring(core, ticket)])
  expect(loaded).toEqual([reference])
  expect(await lab.hasImage(reference)).toBe(true)
  expect(await codeOf(bring(core, ticket))).toBe('object.not-found')
})

test('a tar that breaks off on its way is told as that, and loads nothing', async () => {
  const { core, ticket, lab } = await open()
  const [failed, left] = await Promise.all([
    codeOf(load(core, ticket)),
    codeOf(bring(core, ticket, pieces(5))),
  ])
  expect([failed, left]).toEqual(['stream.broken', 'cancelled'])
  expect(await lab.hasImage(reference)).toBe(false)
})
