import { expect, test } from 'vitest'
import { container } from '../sample-containers'
import { groupIdOf, summaryOf, unhealthyGroup } from './groups'

const both = { byProject: true, unhealthyFirst: true }

test('one project name on two engines is two groups', () => {
  const here = groupIdOf(container({ project: 'shop' }), both)
  const there = groupIdOf(container({ project: 'shop', engine: 'far' }), both)
  expect(here).not.toBe(there)
})

test('what has no project stands alone', () => {
  expect(groupIdOf(container(), both)).toBeUndefined()
  expect(groupIdOf(container({ project: 'shop' }), { ...both, byProject: false })).toBeUndefined()
})

test('the unhealthy leave their project for a group that sorts before all others', () => {
  const sick = container({ project: 'shop', health: 'unhealthy' })
  expect(groupIdOf(sick, both)).toBe(unhealthyGroup)
  expect(groupIdOf(sick, { ...both, unhealthyFirst: false })).toBe('shop\nlocal')
  const ids = ['0zero\nlocal', 'shop\nlocal', unhealthyGroup]
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  expect(ids.sort((a, b) => collator.compare(a, b))[0]).toBe(unhealthyGroup)
})

test('a project called like the group of the unhealthy is a project', () => {
  const id = groupIdOf(container({ project: unhealthyGroup }), both) ?? ''
  expect(id).not.toBe(unhealthyGroup)
  expect(summaryOf(id, [container({ project: unhealthyGroup })]).project).toBe(unhealthyGroup)
})

test('a group counts what runs and what is unhealthy', () => {
  const rows = [
    container({ project: 'shop' }),
    container({ project: 'shop', state: 'exited', health: 'unhealthy' }),
  ]
  expect(summaryOf('shop\nlocal', rows)).toEqual({
    project: 'shop',
    runningCount: 1,
    unhealthyCount: 1,
    total: 2,
  })
})
