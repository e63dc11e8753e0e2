import { expect, test } from 'vitest'
import { latinKey } from './latin-key'

test('a letter of another alphabet is the one on its key', () => {
  expect(latinKey({ key: 'ㄴ', code: 'KeyS' })).toBe('s')
  expect(latinKey({ key: 'Process', code: 'KeyR' })).toBe('r')
})

test('a Latin letter is itself, wherever its layout has it', () => {
  expect(latinKey({ key: 's', code: 'KeyO' })).toBe('s')
  expect(latinKey({ key: 'F2', code: 'F2' })).toBe('F2')
})

test('what is no letter stays what it is', () => {
  expect(latinKey({ key: '…', code: 'Period' })).toBe('…')
})
