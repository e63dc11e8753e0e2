import { expect, test } from 'vitest'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { localEngine } from '../../../../../testing/window/rows'
import type { FileEntry, FilePlace } from '../../../../shared/model/file-entry'
import { takeClient } from '../../../api'
import { editableBytes, readContent, textOf, type FileContent } from './file-content'

const place: FilePlace = { engine: localEngine, root: { kind: 'volume', id: 'v' } }
const entry: FileEntry = { name: 'x', kind: 'file', sizeBytes: 0, mode: 0o644, uid: 0, gid: 0, mtimeMs: 0 }
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function read(path: string, ...chunks: Uint8Array[]): Promise<FileContent & { isCancelled: boolean }> {
  const fake = new FakeClient()
  takeClient(fake.client)
  const reading = readContent(place, path, new AbortController().signal)
  const stream = fake.stream('files.read')
  stream.put({ kind: 'head', road: 'agent', entry, version: '1' }, ...chunks)
  stream.end()
  return { ...(await reading), isCancelled: stream.isCancelled }
}

test('a text is read whole, over its chunks', async () => {
  const [a, b] = [bytesOf('한글').subarray(0, 4), bytesOf('한글').subarray(4)]
  expect(await read('/x', a, b)).toMatchObject({ isWhole: true, text: '한글', version: '1' })
})

test('what has a zero or is no UTF-8 is no text', async () => {
  expect((await read('/x', bytesOf('a\0b'))).text).toBeUndefined()
  expect((await read('/x', new Uint8Array([0xff, 0x41]))).text).toBeUndefined()
})

test('a byte order mark stays, so that saving keeps it', () => {
  expect(textOf(bytesOf('\uFEFFa'), true)).toBe('\uFEFFa')
})

test('of a big program only its beginning is read', async () => {
  const part = new Uint8Array(64 * 1024)
  const content = await read('/x', part, part, part)
  expect(content).toMatchObject({ isWhole: false, isCancelled: true })
  expect(content.bytes.length).toBe(64 * 1024)
})

test('a text too big to edit shows its beginning, cut at a whole sign', async () => {
  const content = await read('/x', bytesOf('글'.repeat(editableBytes / 3 + 10)))
  expect(content.isWhole).toBe(false)
  expect(content.text?.replaceAll('글', '')).toBe('')
})

test('a small picture is one by its name', async () => {
  expect((await read('/a/logo.PNG', new Uint8Array([0x89, 0x50, 0]))).picture).toBe('image/png')
  expect((await read('/a/logo.svg', bytesOf('<svg/>'))).text).toBe('<svg/>')
})
