import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endOf, HyperVLab, listen, never } from '../../../../../testing/fake-powershell/hyperv-lab'

// What Windows goes on with whoever asked for it: saving a VM, starting it.

let lab: HyperVLab
beforeEach(async () => void (lab = await HyperVLab.open()))
afterEach(() => lab.close())

test('a suspended machine goes on where it was, at the address that it had', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  const saved = await vm.suspend(lab.spec.files.state, never)
  expect(await end).toEqual({ code: 0 })
  expect(lab.only().State).toBe('Saved')
  const again = await lab.start(lab.backend(), { ...lab.spec, resumeFrom: saved })
  await again.load(never)
  expect(lab.only().State).toBe('Saved')
  const console = listen(again)
  await again.resumed(never)
  await console.says('fake guest: goes on')
  expect(await again.sshAddress(never)).toEqual({ host: '172.20.0.5', port: 22 })
})

test('a saved state that is dropped is never used: the next boot is cold', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  const saved = await vm.suspend(lab.spec.files.state, never)
  await lab.backend().forget?.(lab.spec, never)
  expect(lab.world.vms()).toEqual([])
  await expect(lab.start(lab.backend(), { ...lab.spec, resumeFrom: saved })).rejects.toMatchObject({
    code: 'machine.start-failed',
  })
  await listen(await lab.start()).says('slipway: init')
})

test('a state that cannot be saved harms nothing', async () => {
  const vm = await lab.adopted('no-room')
  await expect(vm.suspend(lab.spec.files.state, never)).rejects.toMatchObject({
    code: 'machine.suspend-failed',
  })
  expect(await vm.isAlive(never)).toBe(true)
  expect(existsSync(lab.spec.files.state)).toBe(false)
  // Its end is still seen.
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  expect((await end).code).toBe(0)
})

test('Windows saves for as long as it takes, and the machine is suspended then', async () => {
  const vm = await lab.adopted('slow')
  const suspended = vm.suspend(lab.spec.files.state, never)
  await expect.poll(() => lab.only().State).toBe('Saving')
  // Others ask meanwhile, and are answered.
  expect(await vm.isAlive(never)).toBe(false)
  await suspended
  expect(lab.only().State).toBe('Saved')
})

// A state that is dropped because nobody waited for it is a day's work of the person's.
test('a save whose asker was cut short goes on in Windows, and is a success', async () => {
  const vm = await lab.adopted('slow stuck:Save-VM')
  const stop = new AbortController()
  const suspended = vm.suspend(lab.spec.files.state, stop.signal)
  await expect.poll(() => lab.only().State).toBe('Saving')
  stop.abort(new Error('too long'))
  const saved = await suspended
  expect(lab.only().State).toBe('Saved')
  const again = await lab.start(lab.backend(), { ...lab.spec, resumeFrom: saved })
  await again.resumed(never)
  await expect.poll(() => lab.only().State, { timeout: 30_000 }).toBe('Running')
  expect(await again.isAlive(never)).toBe(true)
})

test('a kill of a machine that is being saved waits for what Windows does not end', async () => {
  const vm = await lab.adopted('slow')
  const suspended = vm.suspend(lab.spec.files.state, never)
  await expect.poll(() => lab.only().State).toBe('Saving')
  await Promise.all([vm.kill(), suspended])
  expect(lab.only().State).toBe('Saved')
})

test('a start that is cut short while its VM comes up leaves none behind', async () => {
  const stop = new AbortController()
  const started = lab.backend('slow stuck:Start-VM').start(lab.spec, stop.signal)
  started.catch(() => undefined)
  await expect.poll(() => lab.world.vms()[0]?.State).toBe('Starting')
  stop.abort(new Error('too long'))
  await expect(started).rejects.toThrow('too long')
  expect(lab.world.vms()).toEqual([])
})

test('a VM that nobody holds is ended; one on another disk is not ours', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  vm.release()
  lab.open = []
  const stranger = { ...lab.spec, dataDisk: { path: join(lab.folder, 'other.vhdx'), sizeBytes: 1 } }
  expect(await lab.backend().endStray?.(stranger, never)).toBe(false)
  expect(lab.only().State).toBe('Running')
  expect(await lab.backend().endStray?.(lab.spec, never)).toBe(true)
  expect(lab.world.vms()).toEqual([])
  expect(await lab.backend().endStray?.(lab.spec, never)).toBe(false)
})
