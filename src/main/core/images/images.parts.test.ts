import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage, imageTar, loadImage } from '../../../../testing/engine/images'
import { fresh, live, local, ServiceLab } from '../../../../testing/services/service-lab'
import { AppError, type Facts } from '../../../shared/errors'
import type { Progress, TaskId } from '../../../shared/model'
import { imageHandlers, type ImagesDeps, type TaskStart } from './images'
import { saveImages } from './tar-transfer'

interface Ran extends TaskStart {
  readonly abort: AbortController
  readonly told: Progress[]
  readonly end: Promise<Facts>
}

let lab: ServiceLab
let images: ReturnType<typeof imageHandlers>
let tasks: Ran[] = []
const names: string[] = []
const containers: string[] = []

beforeAll(async () => {
  lab = await ServiceLab.connect(inject('engineSocket'))
})
beforeEach(() => {
  images = handlersFor(lab)
})
afterEach(async () => {
  for (const id of containers.splice(0)) await lab.removeContainer(id)
  for (const name of names.splice(0)) await lab.dropImage(name)
  tasks = []
})

function handlersFor({ engineOf, rowsOf }: ServiceLab): ReturnType<typeof imageHandlers> {
  const startTask: ImagesDeps['startTask'] = (task, work) => {
    const abort = new AbortController()
    const told: Progress[] = []
    const end = work({ signal: abort.signal, progress: (progress) => told.push(progress) })
    end.catch(() => undefined)
    tasks.push({ ...task, abort, told, end })
    return String(tasks.length) as TaskId
  }
  return imageHandlers({
    engineOf,
    rowsOf,
    wholeRowsOf: rowsOf,
    startTask,
    authHeaderFor: () => Promise.resolve({}),
  })
}

const noise = (name: string, bytes = 1000) => [{ name, data: randomBytes(bytes) }]
/** Puts an image of given layers into the engine; it goes after the test. */
async function make(reference: string, layers: ReturnType<typeof noise>[]): Promise<string> {
  names.push(reference)
  await loadImage(inject('engineSocket'), { reference, layers, config: { Cmd: ['/x'], Env: ['A=1=2', 'B'] } })
  await lab.refresh()
  return idOf(reference)
}
const idOf = async (reference: string): Promise<string> =>
  (await images['images.inspect']({ engine: local, id: reference }, live)).id

async function* upload(data: Buffer, more: { cut?: boolean } = {}) {
  for (let at = 0; at < data.length; at += 64 * 1024) {
    await Promise.resolve()
    yield new Uint8Array(data.subarray(at, at + 64 * 1024))
  }
  if (!more.cut) yield { end: true as const }
}

async function load(input: ReturnType<typeof upload>, sizeBytes?: number): Promise<readonly string[]> {
  const args = { engine: local, name: 'some.tar', ...(sizeBytes !== undefined && { sizeBytes }) }
  for await (const item of images['images.load'](args, { signal: live, input })) return item.references
  return []
}

async function* nothing(): AsyncGenerator<never> {
  await Promise.resolve()
}
async function loadFrom(path: string): Promise<readonly string[]> {
  const args = { engine: local, name: 'some.tar', path }
  const context = { signal: live, input: nothing() }
  for await (const item of images['images.load'](args, context)) return item.references
  return []
}
async function scratch(): Promise<string> {
  const dir = await mkdtemp('/tmp/sli-')
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

test('a pull answers with its task, and the task with the image', async () => {
  const { task } = await images['images.pull'](
    { engine: local, reference: '127.0.0.1:1/a/b', platform: '' },
    live,
  )
  expect(task).toBe('1')
  expect(tasks[0]).toMatchObject({ kind: 'images.pull', subject: '127.0.0.1:1/a/b:latest' })
  await expect(tasks[0]?.end).rejects.toMatchObject({ code: 'registry.unreachable' })
})

test('a bad reference starts no task', () => {
  expect(() => images['images.pull']({ engine: local, reference: 'Bad Name', platform: '' }, live)).toThrow(
    AppError,
  )
  expect(tasks).toEqual([])
})

test('a tag comes and goes, and the last one is not taken off', async () => {
  const [one, two] = [`${fresh('tag')}:1`, `${fresh('tag')}:2`]
  const id = await make(one, [noise('a')])
  names.push(two)
  await images['images.tag']({ engine: local, id, reference: two }, live)
  expect(await idOf(two)).toBe(id)
  await images['images.untag']({ engine: local, reference: two }, live)
  expect(await lab.hasImage(two)).toBe(false)
  await expect(images['images.untag']({ engine: local, reference: one }, live)).rejects.toMatchObject({
    code: 'object.conflict',
    facts: { problem: 'last-tag' },
  })
  expect(await lab.hasImage(one)).toBe(true)
})

test('a tag that is no reference is refused with the field', async () => {
  const bad = images['images.tag']({ engine: local, id: busyboxImage, reference: 'Bad/Name' }, live)
  await expect(bad).rejects.toMatchObject({ code: 'input.invalid', facts: { path: 'reference' } })
})

test('an image goes with all its tags, and not while a container uses it', async () => {
  const [one, two] = [`${fresh('rm')}:1`, `${fresh('rm')}:2`]
  const id = await make(one, [noise('a')])
  await images['images.tag']({ engine: local, id, reference: two }, live)
  const name = fresh('user')
  containers.push(await lab.create(one, { name }))
  await lab.refresh()
  await expect(images['images.remove']({ engine: local, id, force: false }, live)).rejects.toMatchObject({
    code: 'object.in-use',
    facts: { name: expect.toBeOneOf([one, two]) as unknown, names: name, count: 1 },
  })
  expect(await lab.hasImage(two)).toBe(true)
  await lab.removeContainer(containers.pop() as string)
  await lab.refresh()
  const removed = await images['images.remove']({ engine: local, id, force: false }, live)
  expect(removed.untagged).toBe(2)
  expect(removed.deleted).toBeGreaterThan(0)
  expect(await lab.hasImage(id)).toBe(false)
})

test('an image page has its config, sorted, and the raw answer', async () => {
  const reference = `${fresh('page')}:1`
  await make(reference, [noise('a')])
  const detail = await images['images.inspect']({ engine: local, id: reference }, live)
  expect(detail).toMatchObject({
    tags: [reference],
    command: ['/x'],
    os: 'linux',
    env: [
      { name: 'A', value: '1=2' },
      { name: 'B', value: '' },
    ],
    createdAtMs: Date.parse('2024-01-02T03:04:05Z'),
  })
  expect(detail.raw).toMatchObject({ Id: detail.id })
})

test('what was saved loads again, byte for byte the same image', async () => {
  const [one, two] = [`${fresh('save')}:1`, `${fresh('save')}:2`]
  const ids = [await make(one, [noise('a', 300_000)]), await make(two, [noise('b', 300_000)])]
  const chunks: Buffer[] = []
  for await (const chunk of await saveImages(lab.engine, [one, two])) chunks.push(Buffer.from(chunk))
  const data = Buffer.concat(chunks)
  for (const name of [one, two]) await lab.dropImage(name)
  expect(await lab.hasImage(one)).toBe(false)
  expect([...(await load(upload(data), data.length))].sort()).toEqual([one, two].sort())
  expect([await idOf(one), await idOf(two)]).toEqual(ids)
  const told = tasks[0]?.told ?? []
  expect(told.findLast(({ doneBytes }) => doneBytes !== undefined)?.doneBytes).toBe(data.length)
  expect(told[0]).toEqual({ totalBytes: data.length })
  expect(await tasks[0]?.end).toMatchObject({ references: expect.stringContaining(one) as string })
})

test('a file of this computer loads without a byte from the client', async () => {
  const one = `${fresh('path')}:1`
  names.push(one)
  const path = join(await scratch(), 'some.tar')
  const data = imageTar({ reference: one, layers: [noise('a', 3_000_000)] })
  await writeFile(path, data)
  expect(await loadFrom(path)).toEqual([one])
  const told = tasks[0]?.told ?? []
  expect(told[0]).toEqual({ totalBytes: data.length })
  expect(told.findLast(({ doneBytes }) => doneBytes !== undefined)?.doneBytes).toBe(data.length)
})

test.each([
  ['not there', (dir: string) => join(dir, 'none.tar'), 'ENOENT'],
  ['a folder', (dir: string) => dir, 'not-a-file'],
  ['endless', () => '/dev/zero', 'not-a-file'],
  ['of no known place', () => 'some.tar', 'not-absolute'],
])('a file that is %s is refused with its path', async (_, pathIn, reason) => {
  const path = pathIn(await scratch())
  const facts = { path, reason }
  await expect(loadFrom(path)).rejects.toMatchObject({ code: 'file.failed', facts })
  await expect(tasks[0]?.end).rejects.toMatchObject({ code: 'file.failed' })
})

test('a load of a file can be cancelled, and it loads whole the next time', async () => {
  const path = join(await scratch(), 'large.tar')
  names.push('large:1')
  await writeFile(path, imageTar({ reference: 'large:1', layers: [noise('a', 30_000_000)] }))
  const loading = loadFrom(path)
  loading.catch(() => undefined)
  await expect.poll(() => tasks[0]?.told.some(({ doneBytes = 0 }) => doneBytes > 0)).toBe(true)
  tasks[0]?.abort.abort()
  await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
  expect(await lab.hasImage('large:1')).toBe(false)
  expect(await loadFrom(path)).toEqual(['large:1'])
})

test('saving what is not there fails before the first byte', async () => {
  await expect(saveImages(lab.engine, ['no/such:image'])).rejects.toMatchObject({ code: 'object.not-found' })
})

test.each([
  ['text', () => Buffer.from('this is not a tar\n'.repeat(1000))],
  ['nothing', () => Buffer.alloc(0)],
  ['zeros', () => Buffer.alloc(20_480)],
  [
    'half an archive',
    () => imageTar({ reference: 'half:1', layers: [noise('a', 500_000)] }).subarray(0, 200_000),
  ],
])('a file of %s is told to be no archive of images', async (_, data) => {
  await expect(load(upload(data()))).rejects.toMatchObject({
    code: 'image.damaged',
    facts: { name: 'some.tar' },
  })
  await expect(tasks[0]?.end).rejects.toMatchObject({ code: 'image.damaged' })
})

test('an upload that stops in the middle loads nothing', async () => {
  const reference = `${fresh('cut')}:1`
  const data = imageTar({ reference, layers: [noise('a', 500_000)] }).subarray(0, 400_000)
  await expect(load(upload(data, { cut: true }))).rejects.toMatchObject({ code: 'cancelled' })
  expect(await lab.hasImage(reference)).toBe(false)
})

test('a cancelled load ends although the file has not', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(imageTar({ reference: 'x:1', layers: [noise('a', 500_000)] }).subarray(0, 300_000))
    await new Promise<void>(() => undefined)
  }
  const loading = load(endless() as ReturnType<typeof upload>)
  loading.catch(() => undefined)
  const isTaken = () => tasks[0]?.told.some(({ doneBytes }) => doneBytes === 300_000)
  await expect.poll(isTaken, { timeout: 30_000 }).toBe(true)
  tasks[0]?.abort.abort()
  await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
})
