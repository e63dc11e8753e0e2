import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import { lineBreakOf } from './line-break'

const throughEditor = (text: string): string =>
  EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of(lineBreakOf(text)) }).sliceDoc()

test.each([
  '',
  'a\nb\n',
  'a\r\nb\r\n',
  'a\r\nb\n',
  'a\n\r\nb',
  'a\rb',
  'a\r\nb\rc',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\r',
])('%j goes through an editor unchanged', (text) => {
  expect(throughEditor(text)).toBe(text)
})

test('only a text whose every line ends so has CRLF', () => {
  expect(lineBreakOf('a\r\nb\r\n')).toBe('\r\n')
  expect(lineBreakOf('a\r\nb\n')).toBe('\n')
  expect(lineBreakOf('a')).toBe('\n')
})
