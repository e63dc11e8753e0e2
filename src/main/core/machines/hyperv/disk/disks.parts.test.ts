import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBootDisk } from './boot-disk'
import { contentOfPieces } from './disk-content'
import { partitionOffset } from './gpt'
import { createVhdx, vhdxFromRaw, writeVhdx } from './vhdx'
import { vhdxSizeOf } from './vhdx-size'

// Judged by programs that others wrote: qemu-img reads VHDX, fsck.vfat and mtools read FAT, sfdisk reads GPT.
const tool = (name: string, ...args: string[]): string =>
  execFileSync(name, args, { encoding: 'utf8', stdio: 'pipe' })
const mib = 1024 ** 2

let folder: string
const at = (name: string): string => join(folder, name)
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'slipway-disk-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.for([2 * 1024 * mib, 3 * mib + 512, 64 * 1024 ** 4])(
  'an empty disk of %d bytes is a good VHDX and takes little',
  async (size) => {
    await createVhdx(at('e.vhdx'), size)
    expect(tool('qemu-img', 'check', at('e.vhdx'))).toContain('No errors were found')
    const info = JSON.parse(tool('qemu-img', 'info', '--output=json', at('e.vhdx'))) as Record<
      string,
      unknown
    >
    expect(info).toMatchObject({ format: 'vhdx', 'virtual-size': size })
    expect(await vhdxSizeOf(at('e.vhdx'))).toBe(size)
    expect(statSync(at('e.vhdx')).size).toBeLessThan(16 * mib)
  },
)

test('a raw image and its VHDX hold the same, and zeros take nothing', async () => {
  writeFileSync(at('r.raw'), randomBytes(2 * mib + 77))
  truncateSync(at('r.raw'), 40 * mib + 100)
  await vhdxFromRaw(at('r.raw'), at('r.vhdx'))
  expect(tool('qemu-img', 'check', at('r.vhdx'))).toContain('No errors were found')
  // The end inside of a sector is filled up: a disk has whole ones.
  truncateSync(at('r.raw'), 40 * mib + 512)
  expect(tool('qemu-img', 'compare', '-f', 'raw', '-F', 'vhdx', at('r.raw'), at('r.vhdx'))).toContain(
    'identical',
  )
  expect(statSync(at('r.vhdx')).size).toBeLessThan(8 * mib)
})

test('blocks past the first entry for a bitmap are where they belong', async () => {
  const last = { offset: 4199 * mib + 4096, bytes: randomBytes(5000) }
  await writeVhdx(at('l.vhdx'), contentOfPieces(4200 * mib, [{ offset: 0, bytes: randomBytes(100) }, last]))
  expect(tool('qemu-img', 'check', at('l.vhdx'))).toContain('No errors were found')
  const part = `driver=raw,offset=${last.offset},size=8192,file.driver=vhdx,file.file.filename=${at('l.vhdx')}`
  tool('qemu-img', 'convert', '-O', 'raw', '--image-opts', part, at('l.raw'))
  expect(readFileSync(at('l.raw')).subarray(0, 5000).equals(last.bytes)).toBe(true)
})

test('others can write to it: what they wrote is there, and the file is still good', async () => {
  await createVhdx(at('w.vhdx'), 256 * mib)
  tool('qemu-io', '-f', 'vhdx', '-c', 'write -P 0x5a 100M 3M', at('w.vhdx'))
  expect(tool('qemu-img', 'check', at('w.vhdx'))).toContain('No errors were found')
  expect(tool('qemu-io', '-f', 'vhdx', '-c', 'read -P 0x5a 100M 3M', at('w.vhdx'))).not.toContain('failed')
})

test('a cut-short writing leaves no disk', async () => {
  const broken = {
    ...contentOfPieces(4 * mib, []),
    read: () => Promise.reject(new Error('the disk is gone')),
  }
  await expect(writeVhdx(at('b.vhdx'), broken)).rejects.toThrow('the disk is gone')
  expect(existsSync(at('b.vhdx')) || existsSync(at('b.vhdx.writing'))).toBe(false)
  writeFileSync(at('text.vhdx'), 'no disk at all')
  await expect(vhdxSizeOf(at('text.vhdx'))).rejects.toThrow(/cut short/)
})

test('a boot disk has a good partition table, a good file system, and the files in it', async () => {
  const bytes = {
    loader: randomBytes(124_416),
    kernel: randomBytes(9 * mib + 3),
    initrd: randomBytes(3_000_001),
    config: randomBytes(2048),
  }
  for (const [name, data] of Object.entries(bytes)) writeFileSync(at(name), data)
  const files = { loader: at('loader'), kernel: at('kernel'), initrd: at('initrd'), config: at('config') }
  await writeBootDisk(at('boot.vhdx'), { ...files, commandLine: 'console=ttyS0 quiet', arch: 'x64' })
  tool('qemu-img', 'convert', '-f', 'vhdx', '-O', 'raw', at('boot.vhdx'), at('boot.raw'))
  expect(tool('sfdisk', '--verify', at('boot.raw'))).toContain('No errors detected')
  const table = JSON.parse(tool('sfdisk', '--json', at('boot.raw'))) as {
    partitiontable: { partitions: { size: number; type: string }[] }
  }
  const [partition] = table.partitiontable.partitions
  expect(partition?.type).toBe('C12A7328-F81F-11D2-BA4B-00A0C93EC93B')
  const raw = readFileSync(at('boot.raw')).subarray(partitionOffset)
  writeFileSync(at('esp.img'), raw.subarray(0, (partition?.size ?? 0) * 512))
  // -n changes nothing and ends with 1 when there is something to mend.
  expect(tool('fsck.vfat', '-n', at('esp.img'))).toMatch(/10 files/)
  const read = (path: string): Buffer =>
    execFileSync('mtype', ['-i', at('esp.img'), `::${path}`], { maxBuffer: 64 * mib })
  expect(read('EFI/BOOT/BOOTX64.EFI').equals(bytes.loader)).toBe(true)
  expect(read('vmlinuz').equals(bytes.kernel)).toBe(true)
  expect(read('initrd.img').equals(bytes.initrd)).toBe(true)
  expect(read('machine.img').equals(bytes.config)).toBe(true)
  expect(read('loader/entries/slipway.conf').toString()).toMatchInlineSnapshot(`
    "title Slipway
    linux /vmlinuz
    initrd /initrd.img
    initrd /machine.img
    options console=ttyS0 quiet
    "
  `)
  expect(read('loader/loader.conf').toString()).toContain('timeout 0\n')
})
