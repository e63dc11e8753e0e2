import { expect, test } from 'vitest'
import { clockSkewMs, factsOf } from './facts'
import { compareApi, featuresOf, negotiateApi } from './version'

test.each([
  ['1.41', undefined, '1.41'],
  ['1.51', '1.24', '1.51'],
  ['1.56', '1.44', '1.51'],
  ['1.99', '1.60', '1.60'],
  ['1.40', undefined, '1.40'],
  ['1.24', undefined, '1.24'],
  ['1.9', undefined, undefined],
])('an engine of %s (minimum %s) is spoken to in %s', (newest, oldest, agreed) => {
  const negotiate = (): string => negotiateApi({ newest, ...(oldest && { oldest }) })
  if (agreed) expect(negotiate()).toBe(agreed)
  else expect(negotiate).toThrow(expect.objectContaining({ code: 'engine.too-old' }) as Error)
})

test('no version, or something else in its place, is a bad answer', () => {
  for (const newest of ['', 'latest', '1', '1.41.2', '1.x', '-1.4']) {
    expect(() => negotiateApi({ newest })).toThrow(
      expect.objectContaining({ code: 'engine.bad-answer' }) as Error,
    )
  }
})

test('versions compare by number, not by text', () => {
  expect(compareApi('1.9', '1.41')).toBeLessThan(0)
  expect(compareApi('2.0', '1.99')).toBeGreaterThan(0)
  expect(compareApi('1.41', '1.41')).toBe(0)
})

test('features come with their versions', () => {
  expect(featuresOf('1.40')).toEqual({ platform: false })
  expect(featuresOf('1.41')).toEqual({ platform: true })
})

test('facts survive an engine that says nothing, or nonsense', () => {
  const empty = { version: '', os: '', cpus: 0, memoryBytes: 0, isRootless: false, isPodman: false }
  for (const nonsense of [
    undefined,
    null,
    [],
    'x',
    { NCPU: '2', SecurityOptions: 'x', Components: [null] },
  ]) {
    expect(factsOf({ version: nonsense, info: nonsense, apiVersion: '1.41' })).toMatchObject(empty)
  }
})

test('rootless and Podman are recognised', () => {
  const info = { SecurityOptions: ['name=seccomp', 'name=rootless'] }
  const version = { Components: [{ Name: 'Podman Engine' }] }
  expect(factsOf({ version, info, apiVersion: '1.41' })).toMatchObject({ isRootless: true, isPodman: true })
})

test('containerd’s image store is known by its driver’s type, and the socket where the engine tells it', () => {
  const of = (info: object) => factsOf({ version: {}, info, apiVersion: '1.45' }).containerd
  const status = [['driver-type', 'io.containerd.snapshotter.v1']]
  expect(of({ Driver: 'stargz', DriverStatus: status })).toEqual({})
  const Containerd = { Address: '/run/containerd/containerd.sock' }
  expect(of({ DriverStatus: status, Containerd })).toEqual({ address: Containerd.Address })
  for (const DriverStatus of [undefined, null, 'x', [null], [['Backing Filesystem', 'extfs']]])
    expect(of({ Driver: 'overlay2', DriverStatus, Containerd })).toBeUndefined()
})

test('the skew is measured against the middle of the round trip', () => {
  const info = { SystemTime: '2024-01-01T00:00:10.000000000Z' }
  const at = Date.parse('2024-01-01T00:00:00Z')
  expect(clockSkewMs(info, { fromMs: at, toMs: at + 2_000 })).toBe(9_000)
  expect(clockSkewMs({}, { fromMs: at, toMs: at })).toBe(0)
})
