import { expect, test } from 'vitest'
import { addressOf, emptyEngineForm, errorsOf, type EngineForm } from './engine-form'

const form = (change: Partial<EngineForm>): EngineForm => ({ ...emptyEngineForm, name: 'NAS', ...change })
const wrong = (change: Partial<EngineForm>): string[] => Object.keys(errorsOf(form(change)))

test('a unix socket needs a name and an absolute path, nothing else', () => {
  expect(wrong({})).toEqual([])
  expect(wrong({ name: '  ' })).toEqual(['name'])
  expect(wrong({ name: 'x'.repeat(65) })).toEqual(['name'])
  expect(wrong({ path: 'docker.sock' })).toEqual(['path'])
  expect(wrong({ host: '', port: undefined })).toEqual([])
})

test('tcp needs a host and a port that can be', () => {
  expect(wrong({ kind: 'tcp', host: 'nas.lan' })).toEqual([])
  expect(wrong({ kind: 'tcp', host: 'a b', port: 2376 })).toEqual(['host'])
  for (const port of [undefined, 0, 65_536, 1.5])
    expect(wrong({ kind: 'tcp', host: 'nas', port })).toEqual(['port'])
})

test('files are absolute or left out', () => {
  expect(wrong({ kind: 'tcp', host: 'nas', caFile: 'ca.pem' })).toEqual(['caFile'])
  expect(wrong({ kind: 'tcp', host: 'nas', hasTls: false, caFile: 'ca.pem' })).toEqual([])
  expect(addressOf(form({ kind: 'tcp', host: ' nas ', caFile: '/ca.pem' }))).toEqual({
    kind: 'tcp',
    host: 'nas',
    port: 2376,
    tls: { caFile: '/ca.pem' },
  })
  expect(addressOf(form({ kind: 'tcp', host: 'nas', hasTls: false }))).toEqual({
    kind: 'tcp',
    host: 'nas',
    port: 2376,
  })
})

test('ssh needs a host alone; the rest is left to ~/.ssh/config', () => {
  expect(wrong({ kind: 'ssh', sshHost: 'build-box' })).toEqual([])
  expect(addressOf(form({ kind: 'ssh', sshHost: ' build-box ' }))).toEqual({ kind: 'ssh', host: 'build-box' })
  expect(wrong({ kind: 'ssh', sshHost: '-oProxyCommand=x' })).toEqual(['sshHost'])
  expect(wrong({ kind: 'ssh', sshHost: 'a', sshUser: '-x' })).toEqual(['sshUser'])
  expect(wrong({ kind: 'ssh', sshHost: 'a', sshPort: 70_000 })).toEqual(['sshPort'])
  expect(wrong({ kind: 'ssh', sshHost: 'a', identityFile: 'key' })).toEqual(['identityFile'])
})

test('user@host is taken apart, and a user that was typed wins', () => {
  expect(addressOf(form({ kind: 'ssh', sshHost: 'ssh://ann@nas.lan', sshPort: 2222 }))).toEqual({
    kind: 'ssh',
    host: 'nas.lan',
    user: 'ann',
    port: 2222,
  })
  const both = form({ kind: 'ssh', sshHost: 'ann@nas', sshUser: 'root', identityFile: '~/.ssh/nas' })
  expect(addressOf(both)).toEqual({ kind: 'ssh', host: 'nas', user: 'root', identityFile: '~/.ssh/nas' })
})

test.each([
  ['ssh://ann@nas.lan:2222', { host: 'nas.lan', user: 'ann', port: 2222 }],
  ['ssh://nas.lan:2222/', { host: 'nas.lan', port: 2222 }],
  ['nas:', { host: 'nas' }],
  ['nas:22', { host: 'nas', port: 22 }],
  ['ann@[fd00::7]:2222', { host: 'fd00::7', user: 'ann', port: 2222 }],
  ['[fd00::7]', { host: 'fd00::7' }],
  ['fd00::7', { host: 'fd00::7' }],
])('%s is taken apart as ssh does', (sshHost, parts) => {
  expect(wrong({ kind: 'ssh', sshHost })).toEqual([])
  expect(addressOf(form({ kind: 'ssh', sshHost }))).toEqual({ kind: 'ssh', ...parts })
})

test('a port in its own field wins over one behind the host, and neither may be nonsense', () => {
  const both = form({ kind: 'ssh', sshHost: 'nas:22', sshPort: 2222 })
  expect(addressOf(both)).toEqual({ kind: 'ssh', host: 'nas', port: 2222 })
  expect(wrong({ kind: 'ssh', sshHost: 'nas:70000' })).toEqual(['sshPort'])
  expect(wrong({ kind: 'ssh', sshHost: 'nas:ssh' })).toEqual(['sshHost'])
  expect(wrong({ kind: 'ssh', sshHost: '[]:22' })).toEqual(['sshHost'])
})
