import { expect, test } from 'vitest'
import { container } from '../sample-containers'
import { isNarrowed, narrow, noFilter, toFilter } from './filter'

const web = container({
  name: 'Web',
  image: 'nginx:1.27',
  id: 'abc123def456',
  ports: [{ protocol: 'tcp', containerPort: 80, hostPort: 8080 }],
  labels: { team: 'blue', 'com.example.role': 'Front' },
  project: 'shop',
})
const db = container({
  name: 'db',
  image: 'postgres',
  id: 'ffff00001111',
  state: 'exited',
  health: 'unhealthy',
})
const all = [web, db]
const found = (query: string): string[] => narrow(all, noFilter, query).map((c) => c.name)

test('an empty query and filter keep the very same list', () => {
  expect(narrow(all, noFilter, '  ')).toBe(all)
})

test('text finds name, image, start of id and labels, whatever the case', () => {
  expect(found('WEB')).toEqual(['Web'])
  expect(found('postg')).toEqual(['db'])
  expect(found('abc123')).toEqual(['Web'])
  expect(found('team=blue')).toEqual(['Web'])
  expect(found('front')).toEqual(['Web'])
})

test('a port is found as a whole number only', () => {
  expect(found('8080')).toEqual(['Web'])
  expect(found(':80')).toEqual(['Web'])
  expect(found('8080/udp')).toEqual([])
  expect(found('808')).toEqual([])
})

test('all words must be found', () => {
  expect(found('web nginx')).toEqual(['Web'])
  expect(found('web postgres')).toEqual([])
})

test('each filter narrows', () => {
  const names = (filter: Partial<typeof noFilter>): string[] =>
    narrow(all, { ...noFilter, ...filter }, '').map((c) => c.name)
  expect(names({ state: 'exited' })).toEqual(['db'])
  expect(names({ health: 'none' })).toEqual(['Web'])
  expect(names({ health: 'unhealthy' })).toEqual(['db'])
  expect(names({ project: 'shop' })).toEqual(['Web'])
  expect(names({ isStandalone: true })).toEqual(['db'])
  expect(names({ engine: 'other' })).toEqual([])
})

test('a remembered filter of another shape narrows nothing', () => {
  expect(toFilter(null)).toEqual(noFilter)
  expect(toFilter({ state: 'flying', health: 4, project: [] })).toEqual(noFilter)
  expect(toFilter({ state: 'paused', isStandalone: true })).toEqual({
    ...noFilter,
    state: 'paused',
    isStandalone: true,
  })
  expect(isNarrowed(noFilter)).toBe(false)
})
