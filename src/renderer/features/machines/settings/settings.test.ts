import { expect, test } from 'vitest'
import type { MachineSettings } from '../../../../shared/model'
import { sampleSettings } from '../sample-machines'
import { changesOf, draftOf, settingsOf, type Draft } from './draft'
import { freeName } from './machine-name'
import { problemsOf, type FormFacts } from './problems'

const host = { cpus: 4, memoryBytes: 8 * 1024 ** 3, diskFreeBytes: 50 * 1024 ** 3, home: '/home/ann' }
const draft = (change: Partial<Draft> = {}): Draft => ({ ...draftOf(sampleSettings()), ...change })
const wrong = (change: Partial<Draft>, facts: Partial<FormFacts> = {}): string[] =>
  Object.keys(problemsOf(draft(change), { taken: ['other'], host, ...facts }))

test('settings come back from the form as they went in', () => {
  const full: MachineSettings = sampleSettings({
    proxy: { http: 'http://p:1', none: 'localhost' },
    dns: ['1.1.1.1', '::1'],
    caFiles: ['/etc/ca.pem'],
    diskDir: '/mnt/big',
    shares: [{ path: '/home/ann', isReadOnly: true }],
  })
  expect(settingsOf(draftOf(full))).toEqual(full)
  expect(changesOf(full, settingsOf(draftOf(full)))).toEqual({})
})

test('just what differs is sent, and what was emptied is sent empty', () => {
  const before = sampleSettings({ proxy: { http: 'http://p:1' }, diskDir: '/mnt/big' })
  const after = settingsOf({ ...draftOf(before), cpus: 3, httpProxy: '', diskDir: ' ' })
  expect(changesOf(before, after)).toEqual({ cpus: 3, proxy: {}, diskDir: '' })
})

test('a good form has nothing wrong', () => {
  expect(wrong({})).toEqual([])
  expect(wrong({}, { host: undefined })).toEqual([])
})

test.each([
  ['name', { name: 'Big One' }],
  ['name', { name: 'other' }],
  ['cpus', { cpus: undefined }],
  ['cpus', { cpus: 5 }],
  ['cpus', { cpus: 1.5 }],
  ['memoryMiB', { memoryMiB: 100 }],
  ['memoryMiB', { memoryMiB: 9000 }],
  ['swapMiB', { swapMiB: -1 }],
  ['diskGiB', { diskGiB: 1 }],
  ['idleMinutes', { idleMinutes: 2000 }],
  ['diskDir', { diskDir: 'relative' }],
  ['shares.1', { shares: ['/a', 'b'].map((path) => ({ path, isReadOnly: false })) }],
  ['shares.1', { shares: ['/a', '/a '].map((path) => ({ path, isReadOnly: false })) }],
  // The home folder's switch has no place for a problem: what was typed beside it has.
  [
    'shares.0',
    {
      shares: [
        { path: '/home/ann', isReadOnly: false, isTyped: true },
        { path: '/home/ann', isReadOnly: false },
      ],
    },
  ],
  ['dns', { dns: '1.1.1.1\nexample.org' }],
  ['dns', { dns: '1.1.1.1 \n1.0.0.1, 8.8.8.8\n9.9.9.9' }],
  ['httpProxy', { httpProxy: 'proxy:3128' }],
  ['caFiles', { caFiles: '/a.pem\nb.pem' }],
  ['daemonJson', { daemonJson: '{' }],
  ['daemonJson', { daemonJson: '[]' }],
])('%s is told when it is wrong: %j', (field, change) => {
  expect(wrong(change)).toEqual([field])
})

test('a disk that exists cannot shrink', () => {
  expect(wrong({ diskGiB: 30 }, { leastDiskGiB: 40 })).toEqual(['diskGiB'])
  expect(wrong({ diskGiB: 41 }, { leastDiskGiB: 40 })).toEqual([])
})

test('paths are of the system that core runs on', () => {
  const windows = { ...host, home: 'C:\\Users\\Ann' }
  const shares = [{ path: 'D:\\src', isReadOnly: false }]
  expect(wrong({ shares }, { host: windows })).toEqual([])
  expect(wrong({ shares })).toEqual(['shares.0'])
})

test('a free name is found beside those that are taken', () => {
  expect(freeName('vm', [])).toBe('vm')
  expect(freeName('vm', ['vm', 'vm-2'])).toBe('vm-3')
  expect(freeName('vm-2', ['vm-2'])).toBe('vm-3')
  expect(freeName('x'.repeat(31), ['x'.repeat(31)])).toHaveLength(31)
})
