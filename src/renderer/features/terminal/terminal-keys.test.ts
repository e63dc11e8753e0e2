import { expect, test } from 'vitest'
import { terminalKey } from './terminal-keys'

const key = (key: string, held: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({
    key,
    code: '',
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    ...held,
  }) as KeyboardEvent

test('the way out of a terminal is the window’s, what programs use is theirs', () => {
  expect(terminalKey(key('F6', { ctrlKey: true }))).toBe('window')
  expect(terminalKey(key('F6', { ctrlKey: true, shiftKey: true }))).toBe('window')
  expect(terminalKey(key('`', { ctrlKey: true }))).toBe('window')
  for (const one of ['F6', 'Tab', 'Escape']) expect(terminalKey(key(one))).toBeUndefined()
  expect(terminalKey(key('c', { ctrlKey: true }))).toBeUndefined()
})

test('on a Korean keyboard the same keys are the same wishes', () => {
  const held = { ctrlKey: true, shiftKey: true }
  expect(terminalKey(key('ㅊ', { ...held, code: 'KeyC' }))).toBe('copy')
  expect(terminalKey(key('ㅍ', { ...held, code: 'KeyV' }))).toBe('paste')
  expect(terminalKey(key('ㄹ', { ...held, code: 'KeyF' }))).toBe('search')
  expect(terminalKey(key('₩', { ctrlKey: true, code: 'Backquote' }))).toBe('window')
  expect(terminalKey(key('~', { ...held, code: 'Backquote' }))).toBeUndefined()
})
