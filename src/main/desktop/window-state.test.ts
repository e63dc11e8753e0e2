import { expect, test } from 'vitest'
import { externalUrl } from './external'
import { firstState, minimumSize, restoreState } from './window-state'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }

test('a window opens where it was left', () => {
  const left = { x: 100, y: 80, width: 1000, height: 700, isMaximized: true }
  expect(restoreState(JSON.stringify(left), [screen])).toEqual(left)
})

test('a window that stood on an unplugged screen keeps its size and lets the system place it', () => {
  const left = JSON.stringify({ x: 4000, y: 80, width: 1000, height: 700 })
  expect(restoreState(left, [screen])).toEqual({ width: 1000, height: 700, isMaximized: false })
})

test.each(['', '{', 'null', '[]', '{"width":"wide"}', '{"width":1e999}'])(
  'an unreadable state %j gives the first one',
  (text) => {
    expect(restoreState(text, [screen])).toEqual(firstState)
  },
)

test('a window is never larger than its screen nor too small to use', () => {
  expect(restoreState('{"width":9000,"height":9000}', [screen])).toMatchObject({ width: 1920, height: 1080 })
  expect(restoreState('{"width":1,"height":1}', [screen])).toMatchObject(minimumSize)
})

test.each(['https://example.org/a?b#c', 'http://localhost:8080/'])('%s may open in the browser', (url) => {
  expect(externalUrl(url)).toBe(url)
})

test.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'smb://host/share',
  'slipway://app/index.html',
  'vscode://file/x',
  'https://user:word@example.org/',
  'https://example.org/\n--flag',
  'https://example.org/\u202Egpj.exe',
  'http://',
  'https://a b/',
  '',
  `https://example.org/${'a'.repeat(9000)}`,
])('%j never opens', (url) => {
  expect(externalUrl(url)).toBeUndefined()
})
