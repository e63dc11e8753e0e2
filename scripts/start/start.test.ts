import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { agentStep, goLine, isGoEnough } from './agent.mjs'
import { engineStep, groupAdvice } from './engine.mjs'
import { readOptions } from './options.mjs'
import { sandboxCommands, sandboxFault } from './sandbox.mjs'
import { isBuilt, needsRestart, sourceStamp } from './stamp.mjs'
import { addressIn, browserArgs, chooseWindow, diedEarly, hasDisplay, redirectPage } from './window.mjs'

const window = {
  ...{ wantsBrowser: false, wantsOpen: true, hasDisplay: true, hasElectron: true, canDownload: true },
  electronFault: undefined as string | undefined,
  browser: '/usr/bin/chromium' as string | undefined,
}

test.each([
  ['electron', {}],
  ['browser', { wantsBrowser: true }],
  ['download', { hasElectron: false }],
  ['browser', { hasElectron: false, canDownload: false }],
  ['address', { hasElectron: false, canDownload: false, browser: undefined }],
  ['browser', { electronFault: 'as it has no sandbox' }],
  ['address', { electronFault: 'as it has no sandbox', browser: undefined }],
  ['address', { hasDisplay: false }],
  ['address', { wantsOpen: false }],
])('the window is %s with %j, and says why', (kind, facts) => {
  const chosen = chooseWindow({ ...window, ...facts })
  expect(chosen.kind).toBe(kind)
  expect(chosen.why).toMatch(/^as /)
})

const linux = { platform: 'linux', isRoot: false, helper: undefined, allowed: undefined, restricted: '1' }

test('Electron cannot start where it gets no sandbox, and what mends that is told', () => {
  expect(sandboxFault(linux)).toMatch(/AppArmor/)
  expect(sandboxFault({ ...linux, restricted: undefined, allowed: '0' })).toMatch(/kernel/)
  expect(sandboxFault({ ...linux, helper: { uid: 1000, mode: 0o104755 } })).toMatch(/AppArmor/)
  expect(sandboxFault({ ...linux, helper: { uid: 0, mode: 0o100755 } })).toMatch(/AppArmor/)
  expect(sandboxCommands('/e/electron')).toEqual([
    "sudo chown root '/e/chrome-sandbox'",
    "sudo chmod 4755 '/e/chrome-sandbox'",
  ])
})

test.each([
  ['the helper is root’s', { helper: { uid: 0, mode: 0o104755 } }],
  ['nothing is restricted', { restricted: '0', allowed: '1' }],
  ['the kernel knows no such switch', { restricted: undefined }],
  ['root starts it without', { isRoot: true }],
  ['it is another system', { platform: 'darwin' }],
])('Electron can start where %s', (_, more) => {
  expect(sandboxFault({ ...linux, ...more })).toBeUndefined()
})

test('Electron that dies by itself at once gives way; one that was ended, or ran, does not', () => {
  expect(diedEarly({ code: null, isAsked: false, ms: 300 })).toBe(true)
  expect(diedEarly({ code: 1, isAsked: false, ms: 300 })).toBe(true)
  expect(diedEarly({ code: 0, isAsked: false, ms: 300 })).toBe(false)
  expect(diedEarly({ code: null, isAsked: true, ms: 300 })).toBe(false)
  expect(diedEarly({ code: 1, isAsked: false, ms: 60_000 })).toBe(false)
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

test('who may not speak to a new engine is told what lets them', () => {
  expect(groupAdvice({ isRoot: false, user: 'ann', groups: ['ann'] }).join()).toContain(
    'sudo usermod -aG docker ann',
  )
  expect(groupAdvice({ isRoot: false, user: 'ann', groups: ['ann', 'docker'] })).toEqual([])
  expect(groupAdvice({ isRoot: true, user: 'root', groups: ['root'] })).toEqual([])
})

const agent = {
  ...{ platform: 'linux', go: undefined as string | undefined, offered: undefined as string | undefined },
  ...{ needed: 'go 1.19', hasApt: true, canBeRoot: true, isSilent: false },
}

test.each([
  ['build', { go: 'go version go1.19.8 linux/amd64' }],
  ['impossible', { go: 'go version go1.18.1 linux/amd64' }],
  ['ask', {}],
  ['ask', { offered: '2:1.19~1' }],
  ['install', { isSilent: true }],
  ['impossible', { offered: '2:1.18~0ubuntu2' }],
  ['impossible', { hasApt: false }],
  ['impossible', { canBeRoot: false }],
  ['impossible', { platform: 'darwin' }],
])('the agent’s step is %s with %j', (step, more) => {
  expect(agentStep({ ...agent, ...more }).step).toBe(step)
})

test('versions of Go are compared as numbers', () => {
  expect(isGoEnough('2:1.24~2', 'go 1.19')).toBe(true)
  expect(isGoEnough('go version go1.9 linux/amd64', 'go 1.19')).toBe(false)
  expect(isGoEnough('go version go2.0 linux/amd64', 'go 1.19')).toBe(true)
  expect(goLine('module slipway/agent\n\ngo 1.19\n')).toBe('go 1.19')
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

test('a test is not built, and only the window’s sources leave core running', () => {
  expect([isBuilt('main/a.ts'), isBuilt('main/a.test.ts'), isBuilt('renderer/A.test.tsx')]).toEqual([
    ...[true, false, false],
  ])
  expect(needsRestart(['renderer/a.ts', 'renderer\\b.ts'])).toBe(false)
  expect(needsRestart(['renderer/a.ts', 'shared/model/index.ts'])).toBe(true)
})
