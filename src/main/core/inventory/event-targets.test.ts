import { expect, test } from 'vitest'
import type { Container } from '../../../shared/model'
import type { RawEvent } from '../engine/events'
import { targetsOf } from './event-targets'

const event = (type: string, action: string, more: Partial<RawEvent> = {}): RawEvent => ({
  type,
  action,
  id: 'x',
  attributes: {},
  atMs: 0,
  ...more,
})
const plain = (of: RawEvent): unknown[] =>
  targetsOf(of).map(({ do: what, kind, ...rest }) => [what, kind, ...('id' in rest ? [rest.id] : [])])
const imageId = `sha256:${'1'.repeat(64)}`

test.each([
  [event('container', 'start'), [['read', 'containers', 'x']]],
  [event('container', 'health_status: healthy'), [['read', 'containers', 'x']]],
  [event('container', 'destroy'), [['drop', 'containers', 'x']]],
  [event('container', 'exec_create: sh -c true'), []],
  [event('container', 'attach'), []],
  [event('container', 'commit', { attributes: { imageID: imageId } }), [['read', 'images', imageId]]],
  [event('container', 'commit'), [['list', 'images']]],
  [event('container', 'prune', { id: '' }), [['list', 'containers']]],
  [event('image', 'pull', { id: 'busybox:latest' }), [['read', 'images', 'busybox:latest']]],
  [event('image', 'delete', { id: imageId }), [['read', 'images', imageId]]],
  [event('image', 'remove', { id: '1'.repeat(64) }), [['read', 'images', imageId]]],
  [event('image', 'prune'), [['list', 'images']]],
  [event('image', 'save'), []],
  [event('volume', 'create'), [['read', 'volumes', 'x']]],
  [event('volume', 'destroy'), [['drop', 'volumes', 'x']]],
  [event('volume', 'mount'), []],
  [event('network', 'create'), [['read', 'networks', 'x']]],
  [event('network', 'remove'), [['drop', 'networks', 'x']]],
  [event('network', 'connect', { attributes: { container: 'c', name: 'n' } }), [['read', 'containers', 'c']]],
  [event('network', 'disconnect'), []],
  [event('builder', 'prune'), [['list', 'images']]],
  [event('daemon', 'reload'), []],
  [event('constructor', 'x'), []],
])('%j asks for %j', (given, targets) => {
  expect(plain(given)).toEqual(targets)
})

const isMet = (of: RawEvent, row: Partial<Container>, reads = 1): boolean | undefined => {
  const [target] = targetsOf(of)
  return target?.do === 'read'
    ? target.expected?.isMet({ networks: [], ...row } as unknown as Container, reads)
    : undefined
}

test('a row that does not know of its event yet does not meet it', () => {
  expect(isMet(event('container', 'die'), { state: 'running' })).toBe(false)
  expect(isMet(event('container', 'die'), { state: 'exited' })).toBe(true)
  expect(isMet(event('container', 'pause'), { state: 'running' })).toBe(false)
  expect(isMet(event('container', 'health_status: healthy'), { state: 'running', health: 'starting' })).toBe(
    false,
  )
  expect(isMet(event('container', 'rename', { attributes: { name: 'b' } }), { name: 'a' })).toBe(false)
  const network = (action: string): RawEvent =>
    event('network', action, { attributes: { container: 'c', name: 'n' } })
  expect(isMet(network('connect'), { networks: [] })).toBe(false)
  expect(isMet(network('connect'), { networks: [{ name: 'n' }] })).toBe(true)
  expect(isMet(network('disconnect'), { networks: [{ name: 'n' }] }, 1)).toBe(false)
  expect(isMet(network('disconnect'), { networks: [{ name: 'n' }] }, 2)).toBe(true)
  expect(isMet(event('container', 'kill'), { state: 'running' })).toBeUndefined()
})
