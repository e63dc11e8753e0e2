import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../../../shared/errors'
import { reach } from './reach'

/** Rejects with the signal's reason when it ends, and not before. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

test('a resume that is called off while the clock is being set fails in one place only', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', onUnhandled)
  onTestFinished(() => void process.off('unhandledRejection', onUnhandled))
  const ending = new AbortController()
  let isSetting = (): void => undefined
  const setting = new Promise<void>((resolve) => (isSetting = resolve))
  const guest = {
    run: (_name: string, _args: string[], { signal }: { signal: AbortSignal }) => {
      isSetting()
      return untilAborted(signal)
    },
    dialUnix: (_path: string, signal: AbortSignal) => untilAborted(signal),
    close: () => undefined,
  }
  const steps: string[] = []
  const reaching = reach(
    {
      openGuest: () => Promise.resolve(guest),
      log: { step: (text: string) => void steps.push(text) },
    } as never,
    { timeline: { begin: () => undefined, record: { way: 'resume' }, deadlineMs: () => 60_000 } } as never,
    {
      rising: {
        vm: { sshAddress: () => Promise.resolve({ host: '127.0.0.1', port: 1 }) },
        console: { has: () => true, reached: () => Promise.resolve() },
        signal: ending.signal,
      },
      keys: { userPrivate: '', hostPublic: 'ssh-ed25519 AAAA' },
      started: {},
    } as never,
  )
  await setting
  ending.abort(new AppError('cancelled', 'Stopped'))
  await expect(reaching).rejects.toMatchObject({ code: 'cancelled' })
  // Node tells of a rejection that nobody took after the turn in which it came.
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
  expect(steps).toEqual([])
})
