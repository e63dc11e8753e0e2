import { expect, test } from 'vitest'
import type { SessionId, TerminalItem, TerminalSession } from '../../../shared/model'
import { ReplayRing } from './replay-ring'
import { Session, type Shell, type ShellListener, type Size } from './session'

const info: TerminalSession = {
  id: 's' as SessionId,
  kind: 'host',
  title: 'sh',
  shell: '/bin/sh',
  user: '',
  startedAtMs: 0,
  cols: 80,
  rows: 24,
  state: 'open',
}

class FakeShell implements Shell {
  listener!: ShellListener
  isPaused = false
  pauses = 0
  typed: string[] = []
  sizes: Size[] = []
  listen(listener: ShellListener): void {
    this.listener = listener
  }
  write(bytes: Uint8Array): Promise<void> {
    this.typed.push(Buffer.from(bytes).toString())
    return Promise.resolve()
  }
  resize(size: Size): void {
    this.sizes.push(size)
  }
  pause(): void {
    this.isPaused = true
    this.pauses++
  }
  resume(): void {
    this.isPaused = false
  }
  kill(): Promise<void> {
    this.listener.onEnd({})
    return Promise.resolve()
  }
  says(text: string | number): void {
    this.listener.onData(typeof text === 'number' ? Buffer.alloc(text, 'x') : Buffer.from(text))
  }
}

const setUp = (patienceMs = 60_000) => {
  const shell = new FakeShell()
  const ring = new ReplayRing()
  let ends = 0
  const session = new Session(info, shell, { onEnd: () => ends++, ring, patienceMs })
  return { shell, ring, session, ends: () => ends }
}

async function* typing(...items: (Uint8Array | Size)[]) {
  await Promise.resolve()
  yield* items
}
const attach = (session: Session, abort = new AbortController()) => session.attach(typing(), abort.signal)
const next = async (view: AsyncGenerator<TerminalItem>): Promise<TerminalItem> =>
  (await view.next()).value as TerminalItem

test('a reader gets the past, what comes, and the end', async () => {
  const { shell, session, ends } = setUp()
  shell.says('past ')
  const view = attach(session)
  expect(await next(view)).toEqual({ kind: 'replay', droppedBytes: 0, cols: 80, rows: 24, replayBytes: 5 })
  expect(Buffer.from((await next(view)) as Uint8Array).toString()).toBe('past ')
  const coming = next(view)
  shell.says('now')
  expect(Buffer.from((await coming) as Uint8Array).toString()).toBe('now')
  shell.says('last')
  shell.listener.onEnd({ exitCode: 3 })
  shell.listener.onEnd({ exitCode: 4 })
  expect(Buffer.from((await next(view)) as Uint8Array).toString()).toBe('last')
  expect(await next(view)).toEqual({ kind: 'ended', exitCode: 3 })
  expect((await view.next()).done).toBe(true)
  expect(ends()).toBe(1)
  expect(session.info).toMatchObject({ state: 'ended', exitCode: 3 })
})

test('without readers a program never waits, and memory is bounded', () => {
  const { shell, ring } = setUp()
  for (let n = 0; n < 200; n++) shell.says(64 * 1024)
  expect(shell.pauses).toBe(0)
  expect(ring.end - ring.start).toBeLessThanOrEqual(2 * 1024 * 1024)
})

/** Reads a little and then no more, until the program has to wait. */
async function holdProgram(shell: FakeShell, view: AsyncGenerator<TerminalItem>): Promise<void> {
  await next(view)
  shell.says(1)
  await next(view)
  shell.says(600 * 1024)
  expect(shell.isPaused).toBe(true)
}

test('a reader that stops holds the program, and lets it go on when it reads again', async () => {
  const { shell, session } = setUp()
  const view = attach(session)
  await holdProgram(shell, view)
  for (let n = 0; n < 8; n++) await next(view)
  expect(shell.isPaused).toBe(false)
})

test('a reader that leaves holds nobody', async () => {
  const { shell, session } = setUp()
  const abort = new AbortController()
  const view = attach(session, abort)
  await holdProgram(shell, view)
  abort.abort()
  await view.return(undefined)
  expect(shell.isPaused).toBe(false)
})

test('a frozen reader is waited for, but not for ever, and learns what it missed', async () => {
  const { shell, session } = setUp(20)
  const view = attach(session)
  await holdProgram(shell, view)
  await expect.poll(() => shell.isPaused).toBe(false)
  for (let n = 0; n < 100; n++) shell.says(64 * 1024)
  expect(shell.isPaused).toBe(false)
  const item = await next(view)
  expect(item).toMatchObject({ kind: 'replay' })
  expect((item as { droppedBytes: number }).droppedBytes).toBeGreaterThan(4_000_000)
  shell.listener.onEnd({})
})

test('an aborted reader that was waiting ends', async () => {
  const { session } = setUp()
  const abort = new AbortController()
  const view = attach(session, abort)
  await next(view)
  const waiting = view.next()
  abort.abort()
  expect(await waiting).toEqual({ done: true, value: undefined })
})

test('typing and sizes reach the shell in order, equal sizes once', async () => {
  const { shell, session } = setUp()
  const input = typing(
    Buffer.from('a'),
    { cols: 80, rows: 24 },
    { cols: 90, rows: 30 },
    { cols: 90, rows: 30 },
    Buffer.from('b'),
  )
  const view = session.attach(input, new AbortController().signal)
  await next(view)
  await expect.poll(() => shell.typed).toEqual(['a', 'b'])
  expect(shell.sizes).toEqual([{ cols: 90, rows: 30 }])
  expect(session.info).toMatchObject({ cols: 90, rows: 30 })
  await session.kill()
})
