import { expect, test } from 'vitest'
import { after, isUp, moves, type Move, type Phase } from './machine-states'

const phases = Object.keys(moves) as Phase[]
const all: Move[] = ['start', 'up', 'fail', 'degrade', 'mend', 'die', 'stop', 'down', 'keep', 'empty']

test('just these moves are allowed', () => {
  const allowed = phases.flatMap((from) =>
    all.flatMap((move) => (after(from, move) ? [`${from} ${move} ${after(from, move)}`] : [])),
  )
  expect(allowed).toEqual([
    'absent start starting',
    'stopped start starting',
    'stopped empty absent',
    'starting up running',
    'starting fail failed',
    'starting stop stopping',
    'running degrade degraded',
    'running die failed',
    'running stop stopping',
    'degraded degrade degraded',
    'degraded mend running',
    'degraded die failed',
    'degraded stop stopping',
    'stopping fail failed',
    'stopping down stopped',
    'stopping keep running',
    'failed start starting',
    'failed stop stopping',
    'failed empty absent',
  ])
})

test('every phase can be left and can be reached', () => {
  for (const phase of phases) {
    expect(Object.keys(moves[phase])).not.toHaveLength(0)
    expect(phases.some((from) => Object.values(moves[from]).includes(phase))).toBe(true)
  }
})

test('a disk is never taken away from under what may run', () => {
  for (const phase of phases) if (after(phase, 'empty')) expect(isUp(phase) || /ing$/.test(phase)).toBe(false)
})
