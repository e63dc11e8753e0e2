import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TerminalRefusal } from '../../../shared/model'
import type { AgentClient, AgentStream } from '../agent/agent-client'
import { shellsBestFirst } from './find-shells'
import { openAgentShell, type AgentShellArgs } from './open-agent-shell'
import type { ShellEnd } from './session'

// The same messages are read by the agent's own tests in native/agent/terminals.
interface Golden {
  readonly open: {
    readonly container: string
    readonly pid: number
    readonly user: string
    readonly groupAdd: readonly string[]
    readonly command: readonly string[]
    readonly env: readonly string[]
    readonly cols: number
    readonly rows: number
  }
  readonly shells: readonly string[]
  readonly reasons: readonly string[]
  readonly opened: { readonly session: string; readonly program: string }
  readonly refused: object
  readonly attach: object
  readonly begin: object
  readonly exit: { readonly exitCode: number }
  readonly resize: { readonly cols: number; readonly rows: number }
  readonly close: object
}
const golden = JSON.parse(
  readFileSync(new URL('../../../../testing/fixtures/agent-wire/terminals.json', import.meta.url), 'utf8'),
) as Golden

/** Answers with golden messages, and notes what it was asked. A stream ends when it is closed or cancelled. */
function agentOf(answer: object, items: readonly unknown[] = []) {
  const asked: { method: string; args: object }[] = []
  let close = (): void => undefined
  const closed = new Promise<void>((resolve) => (close = resolve))
  const stream: AgentStream = {
    async *[Symbol.asyncIterator](): AsyncGenerator<unknown, undefined> {
      yield* items
      await closed
      yield golden.exit
      return undefined
    },
    send: () => Promise.resolve(),
    end: () => undefined,
    cancel: close,
  }
  const client: Partial<AgentClient> = {
    call: <T>(method: string, args: object): Promise<T> => {
      asked.push({ method, args })
      if (method === 'terminals.close') close()
      return Promise.resolve((method === 'terminals.open' ? answer : {}) as T)
    },
    stream: (method, args) => {
      asked.push({ method, args })
      return stream
    },
  }
  const agent = client as AgentClient
  return { asked, road: { agent, agentNow: () => agent } }
}

const { open } = golden
const args: AgentShellArgs = {
  container: {
    Id: open.container,
    State: { Running: true, Pid: open.pid },
    HostConfig: { Runtime: 'runc', GroupAdd: open.groupAdd },
  },
  command: open.command,
  user: open.user,
  env: open.env,
  size: { cols: open.cols, rows: open.rows },
}
const signal = new AbortController().signal

test('a shell is asked for as the agent understands it', async () => {
  const { asked, road } = agentOf(golden.refused)
  expect(await openAgentShell(road, args, signal)).toEqual({ refused: 'user-namespace' })
  await openAgentShell(road, { ...args, command: [] }, signal)
  expect(asked).toEqual([
    { method: 'terminals.open', args: open },
    { method: 'terminals.open', args: { ...open, command: [], shells: golden.shells } },
  ])
  expect(shellsBestFirst).toEqual(golden.shells)
})

test('an open terminal is attached, resized, closed, and its end is read', async () => {
  const { asked, road } = agentOf(golden.opened, [golden.begin, Buffer.from('$ ')])
  const answer = await openAgentShell(road, args, signal)
  if ('refused' in answer) throw new Error(answer.refused)
  expect(answer.program).toBe(golden.opened.program)
  const seen: string[] = []
  const end = new Promise<ShellEnd>((resolve) =>
    answer.shell.listen({
      onData: (bytes) => void seen.push(Buffer.from(bytes).toString()),
      onEnd: resolve,
    }),
  )
  const { cols, rows } = golden.resize
  answer.shell.resize({ cols, rows })
  await answer.shell.kill()
  expect(await end).toEqual({ exitCode: golden.exit.exitCode })
  expect(seen).toEqual(['$ '])
  expect(asked.slice(1)).toEqual([
    { method: 'terminals.attach', args: golden.attach },
    { method: 'terminals.resize', args: golden.resize },
    { method: 'terminals.close', args: golden.close },
  ])
})

test('each reason of the agent has its words', () => {
  const known: Readonly<Record<Exclude<TerminalRefusal, 'failed'>, true>> = {
    ...{ runtime: true, gone: true, 'user-namespace': true, namespaces: true, cgroup: true },
    ...{ capabilities: true, seccomp: true, label: true, limits: true, devpts: true },
    ...{ user: true, folder: true, time: true },
  }
  expect(Object.keys(known).sort()).toEqual([...golden.reasons].sort())
})
