import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MachineLab } from '../../../../../../testing/vm/machine-lab'
import { AppError } from '../../../../../shared/errors'
import { waitFor } from '../../../platform/wait-for'

let lab: MachineLab

beforeEach(() => {
  lab = new MachineLab()
})
afterEach(() => lab.close())

test('a kernel that says nothing is killed and gets one more try; a second silence is a failure', async () => {
  await lab.close()
  lab = new MachineLab({ deadlines: { kernel: 5_000 } })
  const machine = await lab.machine()
  lab.qemu.set({ silentStarts: 1 })
  await machine.start()
  expect(lab.qemu.starts).toBe(2)
  expect(machine.describe().boots[0]?.secondTry).toMatchObject({ stage: 'kernel' })
  await machine.stop('kill')
  lab.qemu.set({ silentStarts: 9 })
  await expect(machine.start()).rejects.toMatchObject({
    code: 'machine.boot-timeout',
    facts: { stage: 'kernel' },
  })
  expect(machine.life.state).toMatchObject({ kind: 'failed', stage: 'kernel' })
  expect(existsSync(machine.files.paths.pid)).toBe(false)
})

test.each([
  { after: 'firmware', how: 'reset', stage: 'kernel', code: 'machine.ended' },
  { after: 'init', how: 'panic', stage: 'init', code: 'machine.crashed' },
  { after: 'pid1', how: 'reset', stage: 'sshd', code: 'machine.ended' },
  { after: 'pid1', how: 'killed', stage: 'sshd', code: 'machine.ended' },
] as const)(
  'an emulated boot that ends by itself at $stage ($how) is started once more, and says so',
  async ({ after, how, stage, code }) => {
    const machine = await lab.machine()
    lab.qemu.set({ fall: { starts: 1, after, how } })
    await machine.start()
    expect(lab.qemu.starts).toBe(2)
    expect(machine.life.state.kind).toBe('running')
    const [record] = machine.describe().boots
    expect(record).toMatchObject({ way: 'cold', outcome: 'running', secondTry: { stage, error: { code } } })
    expect(record?.stages.map(({ name }) => name)).toEqual([
      ...['image', 'disk', 'process', 'kernel', 'init', 'sshd', 'tunnel', 'engine'],
    ])
    expect((await machine.log.lines()).join('\n')).toContain('started once more')
  },
)

test('a boot that ends twice is a failure, with the words of the second', async () => {
  const machine = await lab.machine()
  lab.qemu.set({ fall: { starts: 9, after: 'init', how: 'panic' } })
  await expect(machine.start()).rejects.toMatchObject({ code: 'machine.crashed' })
  expect(lab.qemu.starts).toBe(2)
  expect(machine.life.state).toMatchObject({ kind: 'failed', stage: 'init' })
  expect(machine.describe().boots[0]).toMatchObject({ outcome: 'failed', secondTry: { stage: 'init' } })
  expect(existsSync(machine.files.paths.pid)).toBe(false)
})

test('on a real processor a boot that ends by itself has failed', async () => {
  const accelerated = new MachineLab({ accelerators: ['hvf'] })
  try {
    const machine = await accelerated.machine()
    accelerated.qemu.set({ fall: { starts: 1, after: 'init', how: 'reset' } })
    await expect(machine.start()).rejects.toMatchObject({ code: 'machine.ended' })
    expect(accelerated.qemu.starts).toBe(1)
    expect(machine.describe().boots[0]?.secondTry).toBeUndefined()
  } finally {
    await accelerated.close()
  }
})

test('a resume that dies is not begun again: the state is spent, and the next start is cold', async () => {
  const machine = await lab.machine()
  await machine.start()
  await machine.stop('suspend')
  lab.guests.refuses = new AppError('tunnel.unreachable', 'refused')
  const starting = machine.start()
  await waitFor(() => machine.describe().boots[0]?.stages.at(-1)?.name === 'tunnel', {
    timeoutMs: 30_000,
    what: 'the stage tunnel',
  })
  lab.qemu.now('panic')
  await expect(starting).rejects.toMatchObject({ code: 'machine.crashed' })
  expect(machine.describe().boots[0]?.secondTry).toBeUndefined()
  expect(lab.qemu.starts).toBe(1)
  lab.guests.refuses = undefined
})
