import { expect, test } from 'vitest'
import { parseReference } from './reference'

const digest = `sha256:${'a'.repeat(64)}`
const familiar = (text: string): string => {
  const parsed = parseReference(text)
  return parsed.ok ? parsed.value.familiar : parsed.problem
}

test('short forms get their domain and path, and lose them again', () => {
  expect(parseReference('nginx')).toEqual({
    ok: true,
    value: { domain: 'docker.io', path: 'library/nginx', familiar: 'nginx' },
  })
  expect(familiar('docker.io/library/nginx:1')).toBe('nginx:1')
  expect(familiar('index.docker.io/me/app')).toBe('me/app')
  expect(familiar('localhost/app')).toBe('localhost/app')
  expect(familiar(`r.example:5000/a/b__c:V1@${digest}`)).toBe(`r.example:5000/a/b__c:V1@${digest}`)
  expect(familiar('[::1]:5000/app')).toBe('[::1]:5000/app')
  expect(familiar('localhost:5000')).toBe('localhost:5000')
})

test.each([
  ['', 'reference.empty'],
  ['a b', 'reference.space'],
  ['Nginx', 'reference.uppercase'],
  ['my/App', 'reference.uppercase'],
  ['-x/app', 'reference.bad-path'],
  ['-x.y/app', 'reference.bad-domain'],
  ['a..b', 'reference.bad-path'],
  ['a//b', 'reference.bad-path'],
  ['https://x.y/z', 'reference.bad-domain'],
  ['nginx:', 'reference.bad-tag'],
  ['nginx:-1', 'reference.bad-tag'],
  [`nginx:${'a'.repeat(129)}`, 'reference.bad-tag'],
  ['nginx@sha256:abc', 'reference.bad-digest'],
  [`nginx@sha256:${'A'.repeat(64)}`, 'reference.bad-digest'],
  ['a'.repeat(64), 'reference.is-id'],
  [`${'x'.repeat(300)}`, 'reference.too-long'],
])('%s is refused as %s', (text, problem) => {
  expect(parseReference(text)).toEqual({ ok: false, problem })
})
