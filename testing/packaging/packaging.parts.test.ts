import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLinuxStub, makeWindowsStub } from './stub-electron'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const work = mkdtempSync(join(tmpdir(), 'slipway-packaging-'))
const linux = join(work, 'linux')
const windows = join(work, 'windows')

/** electron-builder as a release runs it, on a stub of Electron and with Debian's tools for its downloads. */
const build = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  run('npx', ['--no-install', 'electron-builder', '--publish', 'never', ...args], {
    cwd: root,
    env: {
      ...process.env,
      CSC_IDENTITY_AUTO_DISCOVERY: 'false',
      CUSTOM_FPM_PATH: join(import.meta.dirname, 'fpm-by-dpkg.mjs'),
      ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7za',
    },
    maxBuffer: 64 * 1024 * 1024,
  })

beforeAll(async () => {
  // The packages hold what was built: a package of nothing proves nothing.
  if (!existsSync(join(root, 'dist/main/desktop.js'))) throw new Error('Build first: npm run build')
  await makeLinuxStub(linux)
  await makeWindowsStub(windows)
  await build(
    '--linux',
    'deb',
    'tar.gz',
    `-c.electronDist=${linux}`,
    `-c.directories.output=${join(work, 'out-linux')}`,
  )
}, 300_000)
afterAll(() => rmSync(work, { recursive: true, force: true }))

const unpacked = join(work, 'out-linux', 'linux-unpacked')

test('a misspelt key of the configuration stops the build', async () => {
  const text = readFileSync(join(root, 'electron-builder.yml'), 'utf8').replace(
    'executableName:',
    'executablName:',
  )
  const file = join(work, 'misspelt.yml')
  writeFileSync(file, text)
  await expect(
    build(
      '--dir',
      '--linux',
      '--config',
      file,
      `-c.electronDist=${linux}`,
      `-c.directories.output=${join(work, 'out-bad')}`,
    ),
  ).rejects.toThrow()
}, 120_000)

test('every fuse of the configuration is flipped in the program', async () => {
  const fuses = await getCurrentFuseWire(join(unpacked, 'slipway'))
  const isOn = (option: FuseV1Options): boolean => String.fromCharCode(fuses[option] ?? 0) === '1'
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    cookies: isOn(FuseV1Options.EnableCookieEncryption),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    integrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    fileExtra: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookies: true,
    nodeOptions: false,
    inspect: false,
    integrity: true,
    onlyAsar: true,
    fileExtra: false,
  })
})

test('the archive holds what was built and nothing of the workshop', () => {
  const files = listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false })
  for (const wanted of [
    '/dist/main/desktop.js',
    '/dist/main/core-host.js',
    '/dist/preload/index.cjs',
    '/dist/renderer/index.html',
    '/package.json',
  ]) {
    expect(files, wanted).toContain(wanted)
  }
  const strays = files.filter((file) =>
    /^\/(src|testing|e2e|bench|scripts|docs)\/|\.map$|\.test\.js$|prebuilds\/(darwin|win32)/.test(file),
  )
  expect(strays).toEqual([])
})

test('the native terminal stands outside the archive, where it can be loaded', () => {
  expect(
    existsSync(join(unpacked, 'resources/app.asar.unpacked/node_modules/node-pty/build/Release/pty.node')),
  ).toBe(true)
})

test('the deb installs the program, its entry and its icons', async () => {
  const deb = readdirSync(join(work, 'out-linux')).find((name) => name.endsWith('.deb'))
  const { stdout } = await run('dpkg-deb', ['-c', join(work, 'out-linux', deb ?? 'missing')], {
    maxBuffer: 64 * 1024 * 1024,
  })
  for (const wanted of [
    './opt/Slipway/slipway',
    './usr/share/applications/slipway.desktop',
    './usr/share/icons/hicolor/256x256/apps/slipway.png',
  ]) {
    expect(stdout).toContain(wanted)
  }
})

test('the tar.gz is there and carries no more than the app', () => {
  const name = readdirSync(join(work, 'out-linux')).find((one) => one.endsWith('.tar.gz'))
  const size = statSync(join(work, 'out-linux', name ?? 'missing')).size
  // Without Electron itself: ten times what it is today would be somebody's node_modules.
  expect(size).toBeLessThan(30 * 1024 * 1024)
})

test('Windows packages too, with the integrity of its archive in the program', async () => {
  const out = join(work, 'out-windows')
  await build(
    '--win',
    'zip',
    `-c.electronDist=${windows}`,
    `-c.directories.output=${out}`,
    '-c.win.signAndEditExecutable=true',
  )
  expect(readdirSync(out).some((name) => name.endsWith('.zip'))).toBe(true)
  expect(existsSync(join(out, 'win-unpacked', 'resources', 'app.asar'))).toBe(true)
}, 300_000)
