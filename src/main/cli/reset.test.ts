import { expect, test } from 'vitest'
import { fakeHandlers } from '../../../testing/transports/fake-handlers'
import { codeOf } from '../../../testing/transports/lab'
import { memoryRoad } from '../../../testing/transports/memory-transport'
import { createClient } from '../../shared/contract/client'
import { AppError } from '../../shared/errors'
import type { ResetPlan } from '../../shared/model'
import { serveClient } from '../core/api/serve-client'
import type { Answer, CliIo } from './command'
import { commands, help } from './commands'
import { readArgs } from './read-args'

const plan: ResetPlan = {
  machines: [
    {
      name: 'vm',
      folder: '/d/m',
      items: [{ what: 'disk', path: '/big/slipway-m.raw', bytes: 6_100_000_000 }],
    },
  ],
  items: [{ group: 'engine', path: '/d/engine/data', bytes: 2000, isAtLeast: true }],
  settings: { engines: 1, agents: 0, remembered: 2 },
  stays: [{ path: '/d/notes\u001b.txt', why: 'foreign' }],
}

interface Lab {
  readonly answer: Answer
  readonly runs: number
  readonly said: string
}

async function reset(args: string[], typed?: string, error?: AppError): Promise<Lab> {
  const { client, core } = memoryRoad()
  let runs = 0
  const handlers = fakeHandlers({
    'reset.plan': () => plan,
    'reset.run': () => {
      runs++
      if (error) throw error
      return { stays: plan.stays }
    },
  })
  serveClient(core, handlers, { onPush: () => () => undefined, reportBug: () => undefined })
  const reading = readArgs(['reset', ...args], commands, help)
  if (reading.kind !== 'run') throw new Error(reading.text)
  const lines: string[] = []
  const io = { complain: (text: string) => lines.push(text), ask: () => Promise.resolve(typed) }
  const { words, options, command } = reading
  const answer = await command.run({
    ...{ client: createClient(client), words, options },
    io: io as unknown as CliIo,
  })
  return { answer, runs, said: lines.join('\n') }
}

test('it lists what goes and what stays, and asks for the word', async () => {
  const { answer, runs, said } = await reset([], 'reset ')
  for (const text of [
    '/big/slipway-m.raw   6.1 GB',
    '/d/engine/data       more than 2.0 kB',
    'engines that were added: 1',
  ])
    expect(said).toContain(text)
  expect(said).toContain('stays   /d/notes\ufffd.txt   not ours')
  expect([runs, answer.text.split('\n')[0], answer.exitCode]).toEqual([1, 'Slipway is as new', undefined])
})

test('without the word nothing is asked of core; --yes asks nobody', async () => {
  expect(await codeOf(reset([], 'yes'))).toBe('input.invalid')
  expect(await codeOf(reset([]))).toBe('input.invalid')
  const { runs, said } = await reset(['--yes'])
  expect([runs, said]).toEqual([1, ''])
})

test('what stayed and should have gone is named, and the exit code says it', async () => {
  const facts = { count: 2, path: '/a', reason: 'EACCES', detail: '/a: EACCES\n/b: mounted' }
  const { answer } = await reset(['--yes'], undefined, new AppError('reset.incomplete', 'Not all', { facts }))
  expect(answer.exitCode).toBe(1)
  expect(answer.text).toBe('Not all:\ncould not be removed  /a: EACCES\ncould not be removed  /b: mounted')
})
