import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { engineStep } from './engine.mjs'
import { readOptions } from './options.mjs'
import { sourceStamp } from './stamp.mjs'
import { addressIn, browserArgs, chooseWindow, hasDisplay, redirectPage } from './window.mjs'

const window = {
  ...{ wantsBrowser: false, wantsOpen: true, hasDisplay: true, hasElectron: true, canDownload: true },
  browser: '/usr/bin/chromium' as string | undefined,
}

test.each([
  ['electron', {}],
  ['browser', { wantsBrowser: true }],
  ['download', { hasElectron: false }],
  ['browser', { hasElectron: false, canDownload: false }],
  ['address', { hasElectron: false, canDownload: false, browser: undefined }],
  ['address', { hasDisplay: false }],
  ['address', { wantsOpen: false }],
])('the window is %s with %j, and says why', (kind, facts) => {
  const chosen = chooseWindow({ ...window, ...facts })
  expect(chosen.kind).toBe(kind)
  expect(chosen.why).toMatch(/^as /)
})

test('a display is X or Wayland on Linux and always there elsewhere', () => {
  expect([hasDisplay('linux', {}), hasDisplay('linux', { DISPLAY: ':0' })]).toEqual([false, true])
  expect([hasDisplay('linux', { WAYLAND_DISPLAY: 'w' }), hasDisplay('darwin', {})]).toEqual([true, true])
})

const engine = {
  ...{ platform: 'linux', hasHost: false, hasSocket: false, hasDockerd: false },
  ...{ hasApt: true, canBeRoot: true, isSilent: false },
}

test.each([
  ['ask', {}],
  ['install', { isSilent: true }],
  ['none', { hasHost: true }],
  ['none', { hasSocket: true }],
  ['none', { hasDockerd: true }],
  ['impossible', { hasApt: false }],
  ['impossible', { canBeRoot: false }],
  ['impossible', { platform: 'darwin' }],
])('the engine step is %s with %j', (step, facts) => {
  expect(engineStep({ ...engine, ...facts }).step).toBe(step)
})

test('options are read in both forms, and an unknown one is named', () => {
  expect(readOptions(['--port', '8080', '--browser', '-y'])).toMatchObject({
    port: 8080,
    browser: true,
    yes: true,
  })
  expect(readOptions(['--port=1', '--no-open'])).toMatchObject({ port: 1, open: false })
  expect(readOptions(['--machine', 'vm']).machine).toBe('vm')
  expect(readOptions(['--machine=vm', '-y'])).toMatchObject({ machine: 'vm', yes: true })
  for (const bad of [['--machine'], ['--machine', 'xen']]) expect(() => readOptions(bad)).toThrow(/takes vm/)
  for (const bad of [['--prot'], ['--port'], ['--port', '0'], ['--port', '70000'], ['--yes=1'], ['x']])
    expect(() => readOptions(bad)).toThrow(/Unknown option|--port needs/)
})

test('the token is in no argument of the browser, and a page cannot be broken out of', () => {
  const args = browserArgs({ page: 'file:///d/open.html', profile: '/d/browser', isRoot: false })
  expect(args).not.toContain('--no-sandbox')
  expect(args[0]).toBe('--app=file:///d/open.html')
  expect(redirectPage('http://127.0.0.1:1/#</script><b>')).not.toContain('</script><b>')
})

test('the address is found among other words, on loopback only', () => {
  expect(addressIn('Slipway\n  Open http://127.0.0.1:4321/#token=abc now\n')).toBe(
    'http://127.0.0.1:4321/#token=abc',
  )
  expect(addressIn('see http://example.org:80/')).toBeUndefined()
})

test('the stamp changes with a source and not with a test', () => {
  const root = mkdtempSync(join(tmpdir(), 'sl-stamp-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src', 'a.ts'), '1')
  const first = sourceStamp(root)
  writeFileSync(join(root, 'src', 'a.test.ts'), '1')
  expect(sourceStamp(root)).toBe(first)
  utimesSync(join(root, 'src', 'a.ts'), 1, 1)
  expect(sourceStamp(root)).not.toBe(first)
})
