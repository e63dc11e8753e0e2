import { expect, test } from 'vitest'
import { dataDirOf, maxSocketPathBytes, pathsOf } from './paths'

test.each([
  ['linux', { SLIPWAY_HOME: '/x/y' }, '/x/y'],
  ['linux', { XDG_DATA_HOME: '/d' }, '/d/slipway'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/slipway'],
  ['linux', {}, '/home/me/.local/share/slipway'],
  ['darwin', {}, '/home/me/Library/Application Support/Slipway'],
] as const)('on %s with %j the data is in %s', (platform, env, dir) => {
  expect(dataDirOf({ env, platform, home: '/home/me' })).toBe(dir)
})

test('no socket path is too long for the kernel, however long the data folder is', () => {
  for (const dir of ['/a', `/${'a'.repeat(60)}`, `/${'a'.repeat(200)}`, `/${'한'.repeat(30)}`]) {
    const { coreSocket, engine } = pathsOf(dir, { env: { XDG_RUNTIME_DIR: '/run/user/1000' } })
    const longest = `${engine.exec}/containerd/containerd.sock.ttrpc`
    for (const path of [coreSocket, engine.socket, longest])
      expect(Buffer.byteLength(path)).toBeLessThanOrEqual(maxSocketPathBytes)
  }
})

test('two long data folders never share sockets', () => {
  const of = (end: string): string => pathsOf(`/${'a'.repeat(200)}${end}`, { env: {} }).coreSocket
  expect(of('1')).not.toBe(of('2'))
})
