import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { RunningVm } from '../backend'
import type { Guest } from '../guest'
import { MachineLog } from '../kept/machine-log'
import { stopLadder } from './stop-ladder'

const dir = mkdtempSync(join(tmpdir(), 'slipway-ladder-'))
const log = new MachineLog(join(dir, 'machine.log'), () => 'lab')
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** A machine that ends at some rung, or at none but the last. */
async function stop(endsAt: 'ask' | 'power-button' | 'kill', hasGuest = true): Promise<string[]> {
  const seen: string[] = []
  let isGone = false
  const act = (rung: string): Promise<void> => {
    seen.push(rung)
    isGone ||= rung === endsAt
    return Promise.resolve()
  }
  const vm = { pressPowerButton: () => act('power-button'), kill: () => act('kill') } as unknown as RunningVm
  const guest = { run: () => act('ask') } as unknown as Guest
  const end = await stopLadder({
    ...{ vm, guest: hasGuest ? guest : undefined, log, hasEnded: () => isGone },
    onStage: (stage) => seen.push(`(${stage})`),
    factor: 0.001,
  })
  return [...seen, end]
}

test('the first rung that works is the last that is taken', async () => {
  expect(await stop('ask')).toEqual(['(ask)', 'ask', 'asked'])
  expect(await stop('power-button')).toEqual([
    '(ask)',
    'ask',
    '(power-button)',
    'power-button',
    'power-button',
  ])
  expect((await stop('kill')).slice(-3)).toEqual(['(kill)', 'kill', 'killed'])
})

test('a guest that is not reached is not asked', async () => {
  expect(await stop('power-button', false)).toEqual(['(power-button)', 'power-button', 'power-button'])
})

test('one that is cut short goes to the last rung at once', async () => {
  const seen: string[] = []
  const cut = new AbortController()
  const vm = { kill: () => Promise.resolve(seen.push('kill')) } as unknown as RunningVm
  const guest = { run: () => Promise.resolve(cut.abort(new Error('cut'))) } as unknown as Guest
  const end = await stopLadder({
    ...{ vm, guest, log, signal: cut.signal, hasEnded: () => false },
    onStage: (stage) => seen.push(`(${stage})`),
  })
  expect([...seen, end]).toEqual(['(ask)', '(kill)', 'kill', 'killed'])
})
