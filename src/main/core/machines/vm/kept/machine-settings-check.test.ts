import * as v from 'valibot'
import { expect, test } from 'vitest'
import { machineSettingsSchema, type MachineSettings } from '../../../../../shared/model'
import { networkLines } from '../run/live-settings'
import { changed, checkSettings, differing, needsRestart } from './machine-settings-check'
import { fitting } from '../calls/propose'

const settings: MachineSettings = v.parse(machineSettingsSchema, {
  ...{ name: 'lab', backend: 'qemu', cpus: 2, memoryMiB: 1024, diskGiB: 8 },
})

test('a disk grows and never shrinks', () => {
  expect(changed(settings, { diskGiB: 9 }).diskGiB).toBe(9)
  expect(() => changed(settings, { diskGiB: 7 })).toThrow(
    expect.objectContaining({ code: 'machine.disk-shrink' }),
  )
})

test.each([
  [{ daemonJson: '[]' }, 'daemonJson'],
  [{ daemonJson: '{' }, 'daemonJson'],
  [{ caFiles: ['relative.pem'] }, 'caFiles'],
  [{ shares: [{ path: 'home', isReadOnly: false }] }, 'shares'],
  [{ shares: [{ path: '/a\nb', isReadOnly: false }] }, 'shares'],
])('%j is refused', (change, path) => {
  const refused = ((): unknown => {
    try {
      return changed(settings, change)
    } catch (error) {
      return error
    }
  })()
  expect(refused).toMatchObject({ code: 'input.invalid', facts: { path } })
})

test('a machine that nobody could take up again is not let run on', () => {
  const keep = { ...settings, onQuit: 'keep' } as const
  expect(() => checkSettings(keep, 'win32')).toThrow(/^onQuit: /)
  expect(() => checkSettings(keep, 'linux')).not.toThrow()
  expect(() => checkSettings({ ...keep, backend: 'hyperv' }, 'win32')).not.toThrow()
  expect(() => checkSettings(settings, 'win32')).not.toThrow()
})

test('only processors and memory wait for a restart; an unnamed key stays', () => {
  expect(needsRestart(changed(settings, { memoryMiB: 2048 }), settings)).toBe(true)
  expect(needsRestart(changed(settings, { diskGiB: 99, dns: ['9.9.9.9'] }), settings)).toBe(false)
  expect(changed(settings, { cpus: undefined })).toEqual(settings)
  expect(differing(settings, changed(settings, { dns: ['9.9.9.9'], proxy: {} }))).toEqual(['dns', 'proxy'])
})

test('the network is told to the guest line by line, and no value makes a line of its own', () => {
  expect(networkLines({ dns: ['9.9.9.9'], proxy: { http: 'http://p:1\ndns 6.6.6.6', none: 'a,b' } })).toBe(
    'dns 9.9.9.9\nhttp http://p:1 dns 6.6.6.6\nnone a,b\n',
  )
  expect(networkLines({ dns: [], proxy: undefined })).toBe('')
})

test.each([
  [
    { cpus: 1, gib: 2 },
    { cpus: 1, memoryMiB: 1024 },
  ],
  [
    { cpus: 2, gib: 8 },
    { cpus: 2, memoryMiB: 2048 },
  ],
  [
    { cpus: 10, gib: 32 },
    { cpus: 5, memoryMiB: 8192 },
  ],
  [
    { cpus: 64, gib: 512 },
    { cpus: 8, memoryMiB: 8192 },
  ],
])('a computer with %j gets %j', ({ cpus, gib }, wanted) => {
  const memoryBytes = gib * 1024 ** 3
  const host = { cpus, memoryBytes, freeMemoryBytes: 0, diskFreeBytes: 500 * 1024 ** 3, home: '/home/me' }
  expect(fitting(host)).toMatchObject({ ...wanted, diskGiB: 64, shares: [{ path: '/home/me' }] })
})
