import { expect, test } from 'vitest'
import { resolveLanguage, setLanguage, translate } from '.'
import { en } from './en'
import { ko } from './ko'

const leaves = (value: object, path = ''): Map<string, string> => {
  const found = new Map<string, string>()
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof inner === 'string') found.set(here, inner)
    else for (const [deep, text] of leaves(inner as object, here)) found.set(deep, text)
  }
  return found
}
const english = leaves(en)
const korean = leaves(ko)
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()
/** Plural forms may leave the number out: "a container" in place of "1 container". */
const withoutCount = (names: readonly string[]): string[] => names.filter((name) => name !== 'count')

test('both languages have the same keys', () => {
  expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
  expect(english.size).toBeGreaterThan(300)
})

test('no text is empty', () => {
  const empty = [...english, ...korean].filter(([, text]) => text.trim() === '').map(([key]) => key)
  expect(empty).toEqual([])
})

test('a text and its translation mention the same values', () => {
  const differing = [...english].filter(([key, text]) => {
    const [own, other] = [placeholders(text), placeholders(korean.get(key) ?? '')]
    const isPlural = /_(one|other)$/.test(key)
    const compare = isPlural ? withoutCount : (names: readonly string[]) => [...new Set(names)]
    return compare(own).join() !== compare(other).join()
  })
  expect(differing.map(([key]) => key)).toEqual([])
})

test('each plural has both of its forms', () => {
  const lonely = [...english.keys()].filter((key) => {
    const match = /^(.*)_(one|other)$/.exec(key)
    return match && !english.has(`${match[1]}_${match[2] === 'one' ? 'other' : 'one'}`)
  })
  expect(lonely).toEqual([])
})

test('a count chooses the form, in the language of now', async () => {
  await setLanguage('en')
  expect(translate('shell.tasks.running', { count: 1 })).toBe('1 task running')
  expect(translate('shell.tasks.running', { count: 2 })).toBe('2 tasks running')
  await setLanguage('ko')
  expect(translate('shell.tasks.running', { count: 2 })).toBe('작업 2개 진행 중')
  await setLanguage('en')
})

test('values stand as they are: React escapes, not the translator', () => {
  expect(translate('shell.banner.lost', { name: '<b>&' })).toBe('No connection to <b>&')
})

test('a system in a language that we lack speaks English', () => {
  expect(resolveLanguage('system', ['ko-KR', 'en'])).toBe('ko')
  expect(resolveLanguage('system', ['fr-FR', 'ko'])).toBe('en')
  expect(resolveLanguage('ko', ['en'])).toBe('ko')
})
