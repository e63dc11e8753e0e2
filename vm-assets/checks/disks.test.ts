// What a machine does with a data disk that is not its own, or not whole.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bootVm, newDisk, type BootedVm } from './boot-vm'
import { builtImage } from './built-image'

let dir: string
let image: string
let vm: BootedVm | undefined

beforeAll(async () => {
  image = (await builtImage()).dir
})
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-check-'))
})
afterEach(async () => {
  await vm?.kill()
  await rm(dir, { recursive: true })
})

const sumOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

async function boot(data: string): Promise<BootedVm> {
  vm = await bootVm({ image, data })
  return vm
}

test('a disk with a file system of somebody else is told and not touched', async () => {
  const disk = await newDisk(join(dir, 'data.raw'), 64e6)
  expect(spawnSync('mke2fs', ['-q', '-t', 'ext4', '-F', disk]).status).toBe(0)
  const before = await sumOf(disk)
  const machine = await boot(disk)
  expect(await machine.waitFor('fault disk-mount')).toContain('not ours')
  const facts = await machine.run('/usr/libexec/slipway/guest facts')
  expect(JSON.parse(facts.stdout)).toMatchObject({ engineUp: false, diskTotal: 0 })
  expect((await machine.run('/usr/libexec/slipway/guest repair-disk')).code).toBe(1)
  await machine.shutDown()
  expect(await sumOf(disk)).toBe(before)
})

test('a disk with anything at its end is not touched', async () => {
  const disk = await newDisk(join(dir, 'data.raw'), 64e6)
  const file = await open(disk, 'r+')
  await file.write('EFI PART', 64e6 - 512)
  await file.close()
  const before = await sumOf(disk)
  const machine = await boot(disk)
  await machine.waitFor('fault disk-mount')
  await machine.waitFor('sshd')
  await machine.kill()
  expect(await sumOf(disk)).toBe(before)
})

test('a disk on which our making was cut off is made anew', async () => {
  const disk = await newDisk(join(dir, 'data.raw'), 256e6)
  expect(spawnSync('mke2fs', ['-q', '-t', 'ext4', '-F', disk]).status).toBe(0)
  const file = await open(disk, 'r+')
  await file.write('SLIPWAY DATA DISK making\n', 0)
  // The super block comes last in a making: it is not there yet.
  await file.write(Buffer.alloc(1024), 0, 1024, 1024)
  await file.close()
  const machine = await boot(disk)
  await machine.waitFor('disk')
  await machine.waitFor('engine')
})
