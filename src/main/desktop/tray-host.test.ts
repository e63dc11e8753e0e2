import { expect, test } from 'vitest'
import type { Ran } from '../core/platform/child'
import { hasTrayHost } from './tray-host'

const said = (stdout: string, code = 0): Promise<Ran> =>
  Promise.resolve({ code, signal: null, stdout, stderr: '', isCut: false })
const notThere = (): Promise<Ran> => Promise.reject(new Error('not installed'))

test.each([
  ['gdbus', '(<true>,)\n'],
  ['busctl', 'b true\n'],
  ['dbus-send', 'method return time=1 sender=:1.2\n   variant       boolean true\n'],
])('%s tells that the tray is shown, where the others are not installed', async (program, text) => {
  expect(await hasTrayHost('linux', (asked) => (asked === program ? said(text) : notThere()))).toBe(true)
  const no = text.replace('true', 'false')
  expect(await hasTrayHost('linux', (asked) => (asked === program ? said(no) : notThere()))).toBe(false)
})

test('what cannot be asked shows no tray', async () => {
  expect(await hasTrayHost('linux', notThere)).toBe(false)
  expect(await hasTrayHost('linux', () => said('', 1))).toBe(false)
})

test('other systems always show it', async () => {
  expect(await hasTrayHost('darwin', notThere)).toBe(true)
})
