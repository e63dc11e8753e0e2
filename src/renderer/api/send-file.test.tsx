import { expect, onTestFinished, test } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { AppError, type ErrorCode } from '../../shared/errors'
import { takeClient } from './connection'
import { afterSending, sendFile } from './send-file'

const largeBytes = 1024 * 1024
const large = (): File => new File([new Uint8Array(largeBytes)], 'large.tar')

/** A stream that keeps what is sent, a core that gives tickets, and a server that answers each request in turn. */
function lab(...answers: readonly (number | Error)[]) {
  const core = new FakeClient({ 'uploads.prepare': () => ({ ticket: 'a-ticket' }) })
  takeClient(core.client)
  const asked: { readonly path: string; readonly body: unknown }[] = []
  const real = globalThis.fetch
  globalThis.fetch = (path, init) => {
    const answer = answers[asked.length] ?? 200
    asked.push({ path: path as string, body: init?.body })
    return typeof answer === 'number'
      ? Promise.resolve(new Response(null, { status: answer }))
      : Promise.reject(answer)
  }
  onTestFinished(() => void (globalThis.fetch = real))
  const sent: unknown[] = []
  const stream = { send: (value: unknown) => Promise.resolve(void sent.push(value)) }
  return { asked, sent, stream }
}
const broken = (): Error => new TypeError('Failed to fetch')

test('a small file goes through the stream', async () => {
  const { asked, sent, stream } = lab()
  await sendFile(stream, new File(['abc'], 'small'))
  expect(sent).toEqual([new Uint8Array([97, 98, 99])])
  expect(asked).toEqual([])
})

test('a large one is a request of its own, whose ticket stands in the stream', async () => {
  const { asked, sent, stream } = lab()
  const file = large()
  await sendFile(stream, file)
  expect(sent).toEqual([{ kind: 'upload', ticket: 'a-ticket' }])
  expect(asked).toEqual([{ path: '/upload/a-ticket', body: file }])
})

test('the desktop app sends all through the stream', async () => {
  Object.assign(window, { slipwayDesktop: { pathOf: () => '' } })
  onTestFinished(() => void Reflect.deleteProperty(window, 'slipwayDesktop'))
  const { asked, sent, stream } = lab()
  await sendFile(stream, large())
  expect([asked.length, sent.length]).toEqual([0, 4])
})

test('a request that the browser breaks off is made again, three times in all', async () => {
  const { asked, stream } = lab(broken(), broken(), 200)
  await sendFile(stream, large())
  expect(asked).toHaveLength(3)
  const worse = lab(broken(), broken(), broken())
  await expect(sendFile(worse.stream, large())).rejects.toMatchObject({ code: 'stream.broken' })
  expect(worse.asked).toHaveLength(3)
})

test('beside two requests a third file goes through the stream', async () => {
  let release = (): void => undefined
  const goOn = new Promise<Response>(
    (resolve) => (release = () => resolve(new Response(null, { status: 204 }))),
  )
  const { sent, stream } = lab()
  globalThis.fetch = () => goOn
  const going = [sendFile(stream, large()), sendFile(stream, large())]
  await sendFile(stream, large())
  expect(sent.filter((one) => one instanceof Uint8Array)).toHaveLength(4)
  release()
  await Promise.all(going)
  await sendFile(stream, large())
  expect(sent.filter((one) => one instanceof Uint8Array)).toHaveLength(4)
})

test('a stream that has ended is left to tell why; any other refusal is told', async () => {
  await sendFile(lab(409).stream, large())
  await expect(sendFile(lab(404).stream, large())).rejects.toMatchObject({ code: 'stream.broken' })
})

test.each([largeBytes, 10])(
  'a file of %i bytes that can no longer be read is told by its name',
  async (size) => {
    class GoneFile extends File {
      override slice(): Blob {
        const gone = new DOMException('gone', 'NotFoundError')
        return Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(gone) })
      }
    }
    const { stream } = lab(broken())
    const gone = sendFile(stream, new GoneFile([new Uint8Array(size)], 'gone.tar'))
    await expect(gone).rejects.toMatchObject({ code: 'file.failed', facts: { path: 'gone.tar' } })
  },
)

const failing = (code: ErrorCode): Promise<never> => Promise.reject(new AppError(code, 'No'))
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

test('an answer ends the sending, whatever it is', async () => {
  const stream = { cancel: () => undefined }
  expect(await afterSending(stream, Promise.resolve(7), () => Promise.resolve())).toBe(7)
  expect(await afterSending(stream, Promise.resolve(7), untilAborted)).toBe(7)
  await expect(afterSending(stream, failing('image.damaged'), untilAborted)).rejects.toMatchObject({
    code: 'image.damaged',
  })
})

test('a failed sending ends the stream, and is told for it', async () => {
  let end = (): void => undefined
  const answer = new Promise<never>((_, reject) => {
    end = () => reject(new AppError('cancelled', 'It ended without an answer'))
  })
  const told = afterSending({ cancel: () => end() }, answer, () => failing('stream.broken'))
  await expect(told).rejects.toMatchObject({ code: 'stream.broken' })
})

test.each(['file.failed', 'core.gone'] as const)('of two failures %s is told', async (code) => {
  const stream = { cancel: () => undefined }
  const sent = afterSending(stream, failing('stream.broken'), () => failing(code))
  await expect(sent).rejects.toMatchObject({ code })
  const answered = afterSending(stream, failing(code), () => failing('stream.broken'))
  await expect(answered).rejects.toMatchObject({ code })
})
