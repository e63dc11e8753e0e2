import { expect, test } from 'vitest'
import { jsonLines, pathsToMatches } from './json-lines'

const value = { name: 'web', list: [1, { deep: 'needle' }], none: null, empty: {} }

test('a closed branch says what is in it', () => {
  const lines = jsonLines(value, (_, depth) => depth < 1)
  expect(lines.map((line) => `${line.key ?? ''} ${line.text}`)).toEqual([
    ' {…} 4',
    'name "web"',
    'list […] 2',
    'none null',
    'empty {}',
  ])
})

test('a search opens the branches that lead to what it finds', () => {
  const open = pathsToMatches(value, 'needle')
  const lines = jsonLines(value, (path) => open.has(path), 'needle')
  expect(lines.filter((line) => line.isMatch).map((line) => line.key)).toEqual(['deep'])
  expect(pathsToMatches(value, 'haystack').size).toBe(0)
})

test('keys that imitate a path do not open others', () => {
  const tricky = { 'a.b': 1, a: { b: 'x' } }
  const paths = jsonLines(tricky, () => true).map((line) => line.path)
  expect(new Set(paths).size).toBe(paths.length)
})
