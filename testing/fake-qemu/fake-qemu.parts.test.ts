import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { FakeQemu } from './fake-qemu'

// The fake holds the conversation that the real one holds: what its tests prove is true of QEMU then.

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-fake-qemu-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const program = 'qemu-system-x86_64'
const real = (process.env['PATH'] ?? '').split(delimiter).find((folder) => {
  try {
    return accessSync(join(folder, program), constants.X_OK) === undefined
  } catch {
    return false
  }
})

type Message = Readonly<Record<string, unknown>>

/** A QEMU without a machine, and one control connection to it. */
function start(folder: string, name: string) {
  const path = join(dir, `${name}.sock`)
  const args = ['-machine', 'none', '-display', 'none', '-nodefaults', '-pidfile', join(dir, `${name}.pid`)]
  const control = [`socket,id=qmp,path=${path},server=on,wait=off`, '-mon', 'chardev=qmp,mode=control']
  const child = spawn(join(folder, program), [...args, '-chardev', ...control], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const open = () =>
    waitFor(
      () =>
        new Promise<ReturnType<typeof connect> | undefined>((resolve) => {
          const socket = connect(path, () => resolve(socket)).on('error', () => resolve(undefined))
        }),
      { timeoutMs: 20_000, what: 'the control socket' },
    )
  return { open, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) }
}

/** What it says to these lines: its answers in their order, and its events by name. */
async function converse(folder: string, name: string, asked: readonly object[]) {
  const { open, ended } = start(folder, name)
  const socket = await open()
  const answers: Message[] = []
  const events = new Map<string, Message>()
  const lines = createInterface({ input: socket }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    if (typeof message['event'] === 'string') events.set(message['event'], message)
    else answers.push(message)
  })
  // One that quits may cut the connection off.
  lines.on('error', () => undefined)
  for (const [at, line] of asked.entries()) {
    socket.write(`${JSON.stringify({ ...line, id: at })}\n`)
    await waitFor(() => answers.length > at + 1, { timeoutMs: 20_000, what: JSON.stringify(line) })
  }
  return { answers, events, code: await ended }
}

const reliedOn = ['id', 'class', 'status', 'running', 'guest', 'reason', 'event']

/** The value with its texts and numbers as their kinds; lists by their first item. What tests rely on keeps its value. */
function shape(value: unknown, key = ''): unknown {
  if (reliedOn.includes(key)) return value
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shape(item))
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner, name)]))
}

const conversation = [
  { execute: 'qmp_capabilities' },
  { execute: 'query-status' },
  { execute: 'stop' },
  { execute: 'query-status' },
  { execute: 'cont' },
  { execute: 'query-status' },
  { execute: 'query-migrate' },
  { execute: 'migrate_cancel' },
  { execute: 'no-such-command' },
  { execute: 'quit' },
]

test.skipIf(real === undefined)('the fake answers as the real one does', async () => {
  const fake = new FakeQemu(dir)
  // There is no console to boot to.
  fake.set({ silentStarts: 1 })
  const [ours, theirs] = [
    await converse(fake.folder, 'fake', conversation),
    await converse(real as string, 'real', conversation),
  ]
  // A newer QEMU may say more; what the fake says, QEMU says so.
  expect(theirs.answers.map((answer) => shape(answer))).toMatchObject(
    ours.answers.map((answer) => shape(answer)),
  )
  expect([...theirs.events.keys()].sort()).toEqual([...ours.events.keys()].sort())
  for (const [name, event] of ours.events)
    expect(shape(theirs.events.get(name))).toMatchObject(shape(event) as object)
  expect(theirs.code).toBe(ours.code)
})

test.each([['fake'], ['real']])('the %s one greets one at a time', async (which) => {
  const fake = new FakeQemu(dir)
  fake.set({ silentStarts: 1 })
  const folder = which === 'fake' ? fake.folder : real
  if (folder === undefined) return
  const { open } = start(folder, which)
  const greeted: string[] = []
  const [first, second] = [await open(), await open()]
  first.once('data', () => greeted.push('first'))
  second.once('data', () => greeted.push('second'))
  await waitFor(() => greeted.length > 0, { timeoutMs: 20_000, what: 'a greeting' })
  // Whatever else it had to say came before this answer.
  first.write('{"execute": "qmp_capabilities"}\n')
  await new Promise((resolve) => first.once('data', resolve))
  expect(greeted).toEqual(['first'])
  first.destroy()
  await waitFor(() => greeted.length > 1, { timeoutMs: 20_000, what: 'the second greeting' })
})
