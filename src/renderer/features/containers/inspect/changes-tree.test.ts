import { expect, test } from 'vitest'
import type { FileChange } from '../../../../shared/model'
import { changes, countChanges, narrowChanges, toLines } from './changes-tree'

const given: FileChange[] = [
  { path: '/etc', change: 'modified' },
  { path: '/etc/app.conf', change: 'added' },
  { path: '/a.txt', change: 'deleted' },
  { path: '/var/lib/x/data', change: 'added' },
]

test('folders stand before files, each line knows its depth and what is below', () => {
  const lines = toLines(given, new Set())
  expect(lines.map((line) => [line.depth, line.name, line.change, line.below])).toEqual([
    [0, 'etc', 'modified', 1],
    [1, 'app.conf', 'added', 0],
    [0, 'var', undefined, 1],
    [1, 'lib', undefined, 1],
    [2, 'x', undefined, 1],
    [3, 'data', 'added', 0],
    [0, 'a.txt', 'deleted', 0],
  ])
})

test('a collapsed folder hides what is below and keeps its count', () => {
  const lines = toLines(given, new Set(['/var']))
  expect(lines.find((line) => line.path === '/var')).toMatchObject({ isCollapsed: true, below: 1 })
  expect(lines.some((line) => line.path.startsWith('/var/'))).toBe(false)
})

test('counts and filters go by kind of change and by path', () => {
  expect(countChanges(given)).toEqual({ added: 2, modified: 1, deleted: 1 })
  expect(narrowChanges(given, new Set(['added']), '').map((c) => c.path)).toEqual([
    '/etc/app.conf',
    '/var/lib/x/data',
  ])
  expect(narrowChanges(given, new Set(changes), ' APP ').map((c) => c.path)).toEqual(['/etc/app.conf'])
})

test('names of every object are names of files', () => {
  const odd = toLines([{ path: '/__proto__/constructor', change: 'added' }], new Set())
  expect(odd.map((line) => line.name)).toEqual(['__proto__', 'constructor'])
})
