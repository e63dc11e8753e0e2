import { expect, test } from 'vitest'
import { aptStep, candidatesIn } from './apt.mjs'
import { findBrowser } from './browser.mjs'
import { buildToolsAdvice } from './build-tools.mjs'
import { npmCommand, which } from './install.mjs'

const among = (paths: readonly string[]) => (path: string) => paths.includes(path)

test('a program is found in the folders that a plain user’s PATH lacks, and on Windows by its ending', () => {
  const linux = { platform: 'linux', env: { PATH: '/usr/bin' } }
  expect(which('iptables', { ...linux, exists: among(['/usr/sbin/iptables']) })).toBe('/usr/sbin/iptables')
  expect(which('/opt/x', { ...linux, exists: among([]) })).toBeUndefined()
  const windows = { platform: 'win32', env: { Path: 'C:\\a;C:\\b', PATHEXT: '.EXE;.CMD' } }
  expect(which('npm', { ...windows, exists: among(['C:\\b\\npm', 'C:\\b\\npm.CMD']) })).toBe('C:\\b\\npm.CMD')
})

test('npm is run by its own file; by its name it is a script on Windows', () => {
  const env = { npm_execpath: '/usr/lib/npm/bin/npm-cli.js' }
  expect(npmCommand({ env, execPath: '/usr/bin/node', platform: 'win32' })).toEqual({
    ...{ program: '/usr/bin/node', args: ['/usr/lib/npm/bin/npm-cli.js'], shell: false },
  })
  expect(npmCommand({ env: {}, execPath: 'node', platform: 'win32' })).toMatchObject({ shell: true })
  expect(npmCommand({ env: { npm_execpath: '/x/yarn.js' }, execPath: 'node', platform: 'linux' })).toEqual({
    ...{ program: 'npm', args: [], shell: false },
  })
})

test('apt offers what has a version, and a package that only brings a snap is none', () => {
  const policy = [
    'golang-go:\n  Installed: (none)\n  Candidate: 2:1.19~1\n  Version table:\n     2:1.19~1 500',
    'docker-cli:\n  Installed: (none)\n  Candidate: (none)\n  Version table:',
    'chromium:\n  Installed: 1\n  Candidate: 2:1snap1-0ubuntu2\n  Version table:',
    'last:\n  Installed: (none)\n  Candidate: 3\n',
  ]
  expect([...candidatesIn(policy.join('\n'))]).toEqual([
    ['golang-go', '2:1.19~1'],
    ['last', '3'],
  ])
})

const facts = { hasApt: true, canBeRoot: true, isSilent: false }

test.each([
  ['ask', {}],
  ['install', { isSilent: true }],
  ['impossible', { hasApt: false }],
  ['impossible', { canBeRoot: false }],
])('apt’s step is %s with %j', (step, more) => {
  expect(aptStep('x', { ...facts, ...more }, 'why').step).toBe(step)
})

const browserIn = (paths: readonly string[], more: object = {}): string | undefined =>
  findBrowser({
    ...{ platform: 'linux', env: {}, readScript: () => '' },
    find: (program) => paths.find((path) => path === program || path === `/usr/bin/${program}`),
    ...more,
  })

test('the browser is the one that is named, else the best that is installed', () => {
  const all = ['/usr/bin/google-chrome', '/usr/bin/chromium']
  expect(browserIn(all, { env: { SLIPWAY_CHROMIUM: '/my/own' } })).toBe('/my/own')
  expect(browserIn(all)).toBe('/usr/bin/chromium')
  expect(browserIn(['/usr/bin/brave-browser', '/snap/bin/chromium'])).toBe('/snap/bin/chromium')
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(browserIn([chrome], { platform: 'darwin' })).toBe(chrome)
  const edge = 'C:\\Programs\\Microsoft\\Edge\\Application\\msedge.exe'
  expect(browserIn([edge], { platform: 'win32', env: { ProgramFiles: 'C:\\Programs' } })).toBe(edge)
})

test('a package that asks for a snap is a browser only where the snap is', () => {
  const stub = '/usr/bin/chromium-browser'
  const readScript = (path: string): string => (path === stub ? 'exec /snap/bin/chromium "$@"' : '')
  expect(browserIn([stub], { readScript })).toBeUndefined()
  expect(browserIn([stub, '/usr/bin/google-chrome'], { readScript })).toBe('/usr/bin/google-chrome')
  expect(browserIn([stub, '/snap/bin/chromium'], { readScript })).toBe(stub)
})

test('what compiles node-pty is named with the command of the package manager that is here', () => {
  expect(buildToolsAdvice(() => '/usr/bin/it')).toBeUndefined()
  const only = (...names: string[]) => buildToolsAdvice((name) => (names.includes(name) ? name : undefined))
  expect(only('make', 'python3', 'dnf')).toContain('needs g++. Install them: sudo dnf install')
  expect(only('pacman')).toContain('sudo pacman -S')
  expect(only('zypper')).toContain('sudo zypper install')
  expect(only()).toContain('python3, make, g++')
})
