import { expect, test } from 'vitest'
import { jsonLines, nextMatch, pathsToMatches } from './json-lines'

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

test('the next match is found round the end, and none leaves the line', () => {
  const lines = jsonLines(value, () => true, 'e')
  const matches = lines.flatMap((line, index) => (line.isMatch ? [index] : []))
  const [first = -1, second = -1] = matches
  const last = matches.at(-1) ?? -1
  expect(nextMatch(lines, -1, 1)).toBe(first)
  expect(nextMatch(lines, first, 1)).toBe(second)
  expect(nextMatch(lines, last, 1)).toBe(first)
  expect(nextMatch(lines, first, -1)).toBe(last)
  expect(
    nextMatch(
      jsonLines(value, () => true, 'haystack'),
      2,
      1,
    ),
  ).toBe(2)
})
