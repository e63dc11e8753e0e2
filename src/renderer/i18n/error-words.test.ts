import { afterEach, expect, test } from 'vitest'
import { errorCodes } from '../../shared/errors'
import { tlsProblems } from '../../shared/model/tls-problem'
import { setLanguage, translate } from '.'
import { errorWords } from './error-words'

afterEach(() => setLanguage('en'))

for (const language of ['en', 'ko'] as const)
  test(`every error says in ${language} what happened and what to do, without a hole`, async () => {
    await setLanguage(language)
    const titles = new Set<string>()
    for (const code of errorCodes) {
      const { title, text } = errorWords(translate, { code, facts: {} })
      expect(title, code).not.toMatch(/\{\{|^errors\./)
      expect(text, code).not.toMatch(/\{\{|^errors\./)
      expect(text.length, code).toBeGreaterThan(5)
      titles.add(title)
    }
    // Each code has words of its own: a shared title would hide one behind another.
    expect(titles.size).toBe(errorCodes.length)
  })

test('words name the facts, and keep what the engine said as it was', () => {
  const words = errorWords(translate, {
    code: 'port.in-use',
    facts: { port: 8080, holder: 'container web', detail: 'Bind failed' },
  })
  expect(words.title).toBe('Port 8080 is taken')
  expect(words.text).toContain('container web')
  expect(words.detail).toBe('Bind failed')
})

test('a command that mends comes along', () => {
  const command = 'sudo usermod -aG docker me'
  expect(errorWords(translate, { code: 'engine.forbidden', facts: { command } }).command).toBe(command)
})

test('a code of a newer core is worded as our problem', () => {
  const words = errorWords(translate, { code: 'engine.on-fire' as 'bug', facts: {} })
  expect(words.title).toBe(errorWords(translate, { code: 'bug', facts: {} }).title)
})

test('what is wrong with TLS has words of its own, each', () => {
  const texts = tlsProblems.map(
    (tls) => errorWords(translate, { code: 'engine.tls', facts: { tls, path: '/ca.pem' } }).text,
  )
  expect(new Set(texts).size).toBe(tlsProblems.length)
  expect(texts).toContain('/ca.pem cannot be read. Correct the path, or its permissions.')
  expect(errorWords(translate, { code: 'engine.tls', facts: {} }).text).toContain('Check the CA')
})
