import { expect, test } from 'vitest'
import { localEngine } from '../../../testing/window/rows'
import { announcementOf } from './notices'

const notice = { engine: localEngine, id: 'a/b', name: 'web', facts: {} }

test('a death tells why and leads to the logs', () => {
  expect(announcementOf({ ...notice, kind: 'container-died', facts: { exitCode: 137 } })).toEqual({
    title: 'web has ended unexpectedly',
    body: 'Exit code 137',
    path: '/containers/local/a%2Fb/logs',
  })
  expect(
    announcementOf({ ...notice, kind: 'container-died', facts: { exitCode: 137, oomKilled: true } }).body,
  ).toBe('It ran out of memory')
})

test('the other notices lead to where something can be done', () => {
  expect(announcementOf({ ...notice, kind: 'container-unhealthy' }).path).toBe('/containers/local/a%2Fb')
  expect(announcementOf({ kind: 'engine-lost', name: 'NAS', facts: {} }).path).toBe('/engine')
  expect(announcementOf({ kind: 'settings-recovered', name: '', facts: {} }).path).toBe('/settings')
})
