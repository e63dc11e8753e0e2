import { expect, test } from 'vitest'
import { ResponseCutter } from './response-cutter'

const chunked =
  'HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5\r\nhello\r\nA;name=value\r\n, 10 bytes\r\n0\r\nTrailer: 1\r\n\r\n'

/** The whole answer in pieces of this many bytes. */
function cut(text: string, size: number): { cutter: ResponseCutter; body: string } {
  const cutter = new ResponseCutter()
  let body = ''
  for (let at = 0; at < text.length; at += size)
    body += cutter.take(Buffer.from(text.slice(at, at + size), 'latin1')).toString('latin1')
  return { cutter, body }
}

test('a chunked body is the same wherever its bytes are parted', () => {
  for (let size = 1; size <= chunked.length; size++) {
    const { cutter, body } = cut(chunked, size)
    expect(body).toBe('hello, 10 bytes')
    expect(cutter.isComplete).toBe(true)
    expect(cutter.head?.status).toBe(200)
    expect(cutter.head?.headers.get('content-type')).toBe('application/x-tar')
  }
})

test('a body with a length ends there, and what follows is not of it', () => {
  const { cutter, body } = cut('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone, more', 7)
  expect(body).toBe('gone')
  expect(cutter.isComplete).toBe(true)
  expect(cutter.head?.status).toBe(404)
})

test('an empty body is complete with its head', () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n',
  ])
    expect(cut(head, 3).cutter.isComplete).toBe(true)
})

test('an interim answer is passed over', () => {
  const { cutter, body } = cut(`HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n${chunked}`, 11)
  expect(body).toBe('hello, 10 bytes')
  expect(cutter.head?.headers.has('content-length')).toBe(false)
})

test('a body that was cut off is not complete, wherever that was', () => {
  for (let length = 0; length < chunked.length; length++)
    expect(cut(chunked.slice(0, length), 13).cutter.isComplete).toBe(false)
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n'],
  ['a body that only the connection ends', 'HTTP/1.1 200 OK\r\n\r\nbytes'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n'],
  [
    'a chunk that is longer than it said',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nlonger\r\n',
  ],
  ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
  [
    'headers without an end',
    `HTTP/1.1 200 OK\r\n${Array.from({ length: 300 }, (_, n) => `X-${n}: 1\r\n`).join('')}`,
  ],
])('%s is refused', (_, text) => {
  expect(() => cut(text, 4096)).toThrow(expect.objectContaining({ code: 'engine.bad-answer' }))
})
