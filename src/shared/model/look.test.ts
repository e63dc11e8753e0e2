import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageWithLook } from './look'

// The real page: an edit of it that the replacing no longer finds must not go unseen.
const page = readFileSync(new URL('../../renderer/index.html', import.meta.url), 'utf8')

test('a chosen theme and language stand in the page itself', () => {
  const dark = pageWithLook(page, { theme: 'dark', language: 'ko' })
  expect(dark).toContain('<html lang="ko" data-theme="dark" data-language="ko">')
  expect(dark).toContain('<meta name="color-scheme" content="dark" />')
})

test('the system’s choice leaves the page as it was built', () => {
  expect(pageWithLook(page, { theme: 'system', language: 'system' })).toBe(page)
})
