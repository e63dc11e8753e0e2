import { expect, test } from 'vitest'
import type { Container } from '../../../../shared/model'
import { container } from '../sample-containers'
import { groupKey, toRows, type ListRow, type Order } from './grouping'

const byName: Order = { by: 'name', isDescending: false, isUnhealthyFirst: false }
const drawn = (rows: readonly ListRow[]): string[] =>
  rows.map((row) => (row.kind === 'group' ? `[${row.project}]` : row.container.name))
const list = (given: readonly Container[], order = byName, collapsed: string[] = []): string[] =>
  drawn(toRows(given, order, new Set(collapsed)))

const alpha = container({ name: 'alpha' })
const zeta = container({ name: 'zeta' })
const shopWeb = container({ name: 'shop-web-1', project: 'shop' })
const shopDb = container({ name: 'shop-db-1', project: 'shop', state: 'exited' })

test('projects and lone containers stand in one order, members under their project', () => {
  expect(list([zeta, shopWeb, alpha, shopDb])).toEqual(['alpha', '[shop]', 'shop-db-1', 'shop-web-1', 'zeta'])
})

test('a collapsed project hides its containers and still counts them', () => {
  const rows = toRows([shopWeb, shopDb], byName, new Set([groupKey('local', 'shop')]))
  expect(drawn(rows)).toEqual(['[shop]'])
  expect(rows[0]).toMatchObject({ runningCount: 1, unhealthyCount: 0, isCollapsed: true })
})

test('one project name on two engines is two projects', () => {
  const far = container({ name: 'shop-web-1', project: 'shop', engine: 'far' })
  const rows = toRows([shopWeb, far], byName, new Set())
  expect(rows.filter((row) => row.kind === 'group').map((row) => row.engine)).toHaveLength(2)
})

test('numbers in names are ordered as numbers', () => {
  const given = ['w10', 'w9', 'w1'].map((name) => container({ name }))
  expect(list(given)).toEqual(['w1', 'w9', 'w10'])
})

test('unhealthy first brings a container up, and the project that holds one', () => {
  const order = { ...byName, isUnhealthyFirst: true }
  const sick = container({ name: 'shop-web-1', project: 'shop', health: 'unhealthy' })
  expect(list([alpha, shopDb, sick], order)).toEqual(['[shop]', 'shop-web-1', 'shop-db-1', 'alpha'])
  expect(list([alpha, container({ name: 'zz', health: 'unhealthy' })], order)).toEqual(['zz', 'alpha'])
})

test('what has no reading counts as less than any reading', () => {
  const order: Order = {
    by: 'cpu',
    isDescending: true,
    isUnhealthyFirst: false,
    valueOf: (one) => (one.name === 'zeta' ? 3 : undefined),
  }
  expect(list([alpha, zeta], order)).toEqual(['zeta', 'alpha'])
})

test('equal rows keep one order whichever way they came', () => {
  const order: Order = { by: 'image', isDescending: false, isUnhealthyFirst: false }
  expect(list([zeta, alpha], order)).toEqual(list([alpha, zeta], order))
})

test('a project called like a key of every object is a project', () => {
  const odd = container({ name: 'x', project: '__proto__' })
  expect(list([odd])).toEqual(['[__proto__]', 'x'])
})
