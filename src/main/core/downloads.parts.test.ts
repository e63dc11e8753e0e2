/** What is taken out of an engine, from the ticket to the line in Activity. */
import { randomBytes } from 'node:crypto'
import { expect, inject, onTestFinished, test } from 'vitest'
import { loadImage } from '../../../testing/engine/images'
import { startTestEngine } from '../../../testing/engine/start-engine'
import { loneCore } from '../../../testing/services/lone-core'
import { noInput } from '../../../testing/services/no-input'
import { fresh, ServiceLab } from '../../../testing/services/service-lab'
import { codeOf } from '../../../testing/transports/lab'
import type { CheckedArgs } from '../../shared/contract'
import type { EngineId, Task } from '../../shared/model'
import type { Core } from './core'

const { signal } = new AbortController()
const local = 'local' as EngineId
/** More than all buffers between an engine and a reader that asks for nothing. */
const largeBytes = 30_000_000

/** A core that sees just this engine, and an image in it. */
async function coreWithImage(socket: string): Promise<{ core: Core; reference: string }> {
  const reference = `${fresh('save')}:1`
  const layers = [[{ name: 'a', data: randomBytes(largeBytes) }]]
  await loadImage(socket, { reference, layers, config: { Cmd: ['/x'] } })
  return { core: await loneCore(socket), reference }
}

async function sharedEngine(): Promise<{ core: Core; reference: string }> {
  const socket = inject('engineSocket')
  const made = await coreWithImage(socket)
  const lab = await ServiceLab.connect(socket)
  onTestFinished(() => lab.dropImage(made.reference))
  return made
}

async function newestTask(core: Core): Promise<Task | undefined> {
  for await (const item of core.handlers['activity.watch']({}, { signal, input: noInput() }))
    if (item.kind === 'all') return item.tasks.at(-1)
  return undefined
}

async function begin(core: Core, asked: CheckedArgs<'downloads.prepare'>, reader = new AbortController()) {
  const { ticket } = await core.handlers['downloads.prepare'](asked, signal)
  const context = { signal: reader.signal, input: noInput() }
  const items = core.handlers['downloads.read']({ ticket }, context)[Symbol.asyncIterator]()
  /** Until the end; how many bytes there were. */
  const rest = async (): Promise<number> => {
    let bytes = 0
    for (let next = await items.next(); !next.done; next = await items.next())
      if (next.value instanceof Uint8Array) bytes += next.value.byteLength
    return bytes
  }
  return { items, rest, reader }
}

const save = (reference: string) => ({
  ...{ what: 'image' as const, engine: local, references: [reference], name: 'saved.tar' },
})

/** A save that flows: some bytes came, most did not. */
async function beginSave({ core, reference }: { core: Core; reference: string }) {
  const flow = await begin(core, save(reference))
  await flow.items.next()
  for (let n = 0; n < 20; n++) await flow.items.next()
  expect(await newestTask(core)).toMatchObject({ state: 'running', canCancel: true })
  expect((await newestTask(core))?.doneBytes).toBeGreaterThan(0)
  return flow
}

test('a save stands in Activity with its bytes, its command and its end', async () => {
  const { core, reference } = await sharedEngine()
  const { rest } = await begin(core, save(reference))
  expect(await newestTask(core)).toBeUndefined()
  const bytes = await rest()
  expect(bytes).toBeGreaterThan(largeBytes)
  expect(await newestTask(core)).toMatchObject({
    ...{ kind: 'images.save', state: 'done', subject: reference, engine: local },
    ...{ doneBytes: bytes, totalBytes: bytes },
  })
  expect((await newestTask(core))?.command).toMatch(new RegExp(`^docker .*save -o saved\\.tar ${reference}$`))
})

test('a save that is cancelled in Activity breaks its download off', async () => {
  const made = await sharedEngine()
  const { rest } = await beginSave(made)
  const task = await newestTask(made.core)
  await made.core.handlers['tasks.cancel']({ task: task?.id as Task['id'] }, signal)
  expect(await codeOf(rest())).toBe('cancelled')
  expect(await newestTask(made.core)).toMatchObject({ state: 'cancelled' })
})

test('a browser that hangs up cancels its save', async () => {
  const made = await sharedEngine()
  const { reader } = await beginSave(made)
  reader.abort()
  await expect.poll(async () => (await newestTask(made.core))?.state).toBe('cancelled')
})

test('an image that is not there fails, and says so', async () => {
  const { core } = await sharedEngine()
  const { rest } = await begin(core, save('no/such:image'))
  expect(await codeOf(rest())).toBe('object.not-found')
  expect(await newestTask(core)).toMatchObject({ state: 'failed', error: { code: 'object.not-found' } })
})

test('an engine that dies in the middle of a save ends it with its error', async () => {
  const engine = await startTestEngine({ network: 'none' })
  onTestFinished(() => engine.stop())
  const made = await coreWithImage(engine.socket)
  const { rest } = await beginSave(made)
  await engine.kill9()
  expect(await codeOf(rest())).toBe('engine.unreachable')
  expect(await newestTask(made.core)).toMatchObject({
    state: 'interrupted',
    error: { code: 'engine.unreachable' },
  })
}, 120_000)

test('a file of a container that is downloaded stands there as an upload does, a log does not', async () => {
  const { core, reference } = await sharedEngine()
  const lab = await ServiceLab.connect(inject('engineSocket'))
  const name = fresh('files')
  const id = await lab.create(reference, { name })
  onTestFinished(() => lab.removeContainer(id))
  const root = { kind: 'container' as const, id }
  const file = await begin(core, {
    ...{ what: 'file' as const, engine: local, root, path: '/a', name: 'a' },
  })
  expect(await file.rest()).toBe(largeBytes)
  expect(await newestTask(core)).toMatchObject({
    kind: 'files.download',
    state: 'done',
    doneBytes: largeBytes,
  })
  const log = await begin(core, { what: 'logs', engine: local, id, timestamps: false, name: 'a.log' })
  await log.rest()
  expect(await newestTask(core)).toMatchObject({ kind: 'files.download' })
})
