import { expect, test } from 'vitest'
import { contract } from '../contract'
import type { EngineId } from '../model'
import { emptyRunSpec } from '../model'
import { parseDockerRun } from '../run'
import { actionNames, commandFor, isAction, subjectOf, type Names } from '.'

const engine = 'local' as EngineId
const id = 'a'.repeat(64)
const none: Names = { nameOf: () => undefined, hostOf: () => undefined }
const named: Names = { nameOf: (kind) => `my ${kind}`, hostOf: () => 'unix:///run/x.sock' }

test('every action is a name of the contract and every change is an action', () => {
  for (const name of actionNames) expect(Object.hasOwn(contract, name), name).toBe(true)
  const changing =
    /\.(start|stop|restart|pause|resume|kill|rename|remove|prune|run|pull|tag|untag|load|create|connect|disconnect)$/
  for (const name of Object.keys(contract).filter((n) => /^(containers|images|volumes|networks)\./.test(n)))
    expect(isAction(name), name).toBe(changing.test(name))
})

test('a command names what the person knows, quoted, on the engine it belongs to', () => {
  expect(commandFor('containers.stop', { engine, id, timeoutS: 3 }, named)).toBe(
    "docker -H unix:///run/x.sock stop -t 3 'my containers'",
  )
  expect(commandFor('containers.stop', { engine, id }, none)).toBe('docker stop aaaaaaaaaaaa')
  expect(commandFor('images.remove', { engine, id: `sha256:${id}`, force: true }, none)).toBe(
    'docker rmi -f aaaaaaaaaaaa',
  )
})

test('each container action has docker own words', () => {
  const ref = { engine, id: 'web' }
  expect(commandFor('containers.resume', ref, none)).toBe('docker unpause web')
  expect(commandFor('containers.kill', { ...ref, signal: 'SIGKILL' }, none)).toBe('docker kill web')
  expect(commandFor('containers.kill', { ...ref, signal: 'HUP' }, none)).toBe('docker kill -s HUP web')
  expect(commandFor('containers.rename', { ...ref, name: 'api' }, none)).toBe('docker rename web api')
  expect(commandFor('containers.remove', { ...ref, force: true, volumes: true }, none)).toBe(
    'docker rm -f -v web',
  )
  expect(commandFor('containers.prune', { engine, ids: ['a', 'b'] }, none)).toBe('docker rm a b')
  expect(commandFor('containers.prune', { engine, ids: [] }, none)).toBe('')
})

test('the command of a run reads back to its spec', () => {
  const spec = { ...emptyRunSpec('nginx'), name: 'web', command: ["it's", '$x'] }
  expect(parseDockerRun(commandFor('containers.run', { engine, spec, start: true }, none)).spec).toEqual(spec)
  expect(commandFor('containers.run', { engine, spec, start: false }, none)).toMatch(
    /^docker create --name web/,
  )
})

test('volumes and networks show only what differs from the default', () => {
  const volume = { engine, name: 'data', driver: 'local', options: { type: 'nfs' }, labels: { a: '' } }
  expect(commandFor('volumes.create', volume, none)).toBe('docker volume create -o type=nfs --label a data')
  const network = { engine, name: 'net', driver: 'bridge', internal: true, attachable: false, ipv6: false }
  const subnets = [{ subnet: '10.9.0.0/24', gateway: '', ipRange: '' }]
  expect(commandFor('networks.create', { ...network, subnets, options: {}, labels: {} }, none)).toBe(
    'docker network create --internal --subnet 10.9.0.0/24 net',
  )
  expect(commandFor('networks.connect', { engine, id: 'net', container: 'web', aliases: ['db'] }, none)).toBe(
    'docker network connect --alias db net web',
  )
})

test('a subject is a name, a reference, or how many', () => {
  expect(subjectOf('containers.stop', { engine, id }, named)).toBe('my containers')
  expect(subjectOf('containers.prune', { engine, ids: ['a', 'b'] }, none)).toBe('2')
  expect(subjectOf('images.pull', { engine, reference: 'nginx', platform: '' }, none)).toBe('nginx')
  expect(subjectOf('containers.run', { engine, spec: emptyRunSpec('nginx'), start: true }, none)).toBe(
    'nginx',
  )
  expect(subjectOf('engines.start', { engine }, none)).toBe('local')
})
