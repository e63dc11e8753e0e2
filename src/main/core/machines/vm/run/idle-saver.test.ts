import { expect, test } from 'vitest'
import type { MachineId } from '../../../../../shared/model'
import { IdleSaver } from './idle-saver'
import type { VmMachine } from '../vm-machine'

interface Fake {
  readonly machine: VmMachine
  readonly slept: () => number
}

function fakeMachine(idleMinutes: number, isUp = true): Fake {
  let slept = 0
  const sleep = (): Promise<void> => {
    slept++
    return Promise.resolve()
  }
  const machine = { id: 'm-1' as MachineId, isUp, settings: { idleMinutes }, sleep } as unknown as VmMachine
  return { machine, slept: () => slept }
}

/** Looks once a minute; `busy` says of each minute whether something ran. */
async function minutes({ machine, slept }: Fake, busy: readonly (boolean | 'unknown')[]): Promise<number> {
  let minute = 0
  const saver = new IdleSaver({
    machines: () => [machine],
    isBusy: () => {
      const now = busy[minute]
      return now === 'unknown' ? Promise.reject(new Error('no')) : Promise.resolve(now === true)
    },
    now: () => minute * 60_000,
  })
  for (; minute < busy.length; minute++) await saver.look()
  saver.close()
  return slept()
}

const idle = (count: number): boolean[] => Array.from({ length: count }, () => false)

test('a machine sleeps after its minutes of nothing, not before', async () => {
  expect(await minutes(fakeMachine(5), idle(5))).toBe(0)
  expect(await minutes(fakeMachine(5), idle(6))).toBe(1)
})

test('what runs in between begins the time anew, and not knowing is running', async () => {
  expect(await minutes(fakeMachine(5), [...idle(4), true, ...idle(5)])).toBe(0)
  expect(await minutes(fakeMachine(5), [...idle(4), 'unknown', ...idle(5)])).toBe(0)
})

test('off, and down, never sleeps', async () => {
  expect(await minutes(fakeMachine(0), idle(99))).toBe(0)
  expect(await minutes(fakeMachine(5, false), idle(99))).toBe(0)
})
