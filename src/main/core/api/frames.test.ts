import { expect, test } from 'vitest'
import { maxMessageBytes } from '../../../shared/contract/wire'
import { frameBuffers, FrameReader } from './frames'

const sent: readonly (string | Uint8Array)[] = [
  '{"t":"x"}',
  new Uint8Array([1, 2, 3]),
  '',
  '한국어 🚢',
  new Uint8Array(0),
]
const stream = Buffer.concat(sent.flatMap((frame) => frameBuffers(frame)))

test.each([1, 2, 3, 4, 5, 6, 7, 100])('frames come out whole from pieces of %i bytes', (size) => {
  const reader = new FrameReader()
  const got: (string | Uint8Array)[] = []
  for (let from = 0; from < stream.byteLength; from += size)
    got.push(...reader.read(stream.subarray(from, from + size)))
  expect(got).toEqual(sent)
  expect(reader.pendingBytes).toBe(0)
})

test('a head that announces too much is refused before its bytes come', () => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(maxMessageBytes + 1)
  expect(() => [...new FrameReader().read(head)]).toThrow(RangeError)
})

test('an unknown kind is refused', () => {
  expect(() => [...new FrameReader().read(Buffer.from([0, 0, 0, 0, 9]))]).toThrow(RangeError)
})

test('another protocol on the socket is refused at its first bytes', () => {
  expect(() => [...new FrameReader().read(Buffer.from('GET / HTTP/1.1\r\n'))]).toThrow(RangeError)
})
