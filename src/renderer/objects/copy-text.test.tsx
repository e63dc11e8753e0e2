import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { setLanguage } from '../i18n'
import { toastStore } from '../store/toasts'
import { copyText } from './copy-text'

beforeEach(() => {
  return setLanguage('en')
})

const clipboardIs = (clipboard: unknown): void => {
  const before = Object.getOwnPropertyDescriptor(navigator, 'clipboard')
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard })
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'clipboard')
    if (before) Object.defineProperty(navigator, 'clipboard', before)
  })
}
const told = () => toastStore.getState().toasts.map(({ tone, title }) => [tone, title])

test('what was copied is told', async () => {
  const written: string[] = []
  clipboardIs({ writeText: (text: string) => Promise.resolve(void written.push(text)) })
  await copyText('nginx:1')
  expect(written).toEqual(['nginx:1'])
  expect(told()).toEqual([['ok', 'Copied']])
})

test.each([
  ['that a browser refuses', { writeText: () => Promise.reject(new Error('denied')) }],
  ['that a page over http does not have', undefined],
])('a clipboard %s is told', async (_, clipboard) => {
  clipboardIs(clipboard)
  await copyText('nginx:1')
  expect(told()).toEqual([['bad', 'The clipboard is not available']])
})
