import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { _electron, expect, test as base, type ElectronApplication } from '@playwright/test'
import { Cleanup } from '../../src/shared/std/cleanup'
import { imageTar } from '../../testing/engine/images'
import { openLab } from '../fixtures/lab'
import { appOut } from '../fixtures/running-app'
import { AppWindow } from '../pages/app-window'

/** Where the electron package keeps its binary: asked without loading it, which would try a download. */
function electronBinary(): string | undefined {
  const given = process.env['ELECTRON_PATH']
  if (given !== undefined) return given
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const path = join(folder, 'dist', process.platform === 'win32' ? 'electron.exe' : 'electron')
  return existsSync(path) ? path : undefined
}

const binary = electronBinary()

const test = base.extend<{ desktop: ElectronApplication }>({
  desktop: async ({}, use) => {
    const lab = openLab()
    const cleanup = new Cleanup()
    const home = await mkdtemp('/tmp/slt-desktop-')
    cleanup.add(() => rm(home, { recursive: true, force: true }))
    const env: NodeJS.ProcessEnv = { ...process.env }
    // Editors export it, and it makes Electron a plain Node.
    delete env['ELECTRON_RUN_AS_NODE']
    const launching = _electron.launch({
      ...(binary !== undefined && { executablePath: binary }),
      args: [join(appOut, 'main', 'desktop.js'), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      cwd: resolve(import.meta.dirname, '../..'),
      env: {
        ...(env as Record<string, string>),
        SLIPWAY_HOME: home,
        DOCKER_HOST: `unix://${lab.socket}`,
        DOCKER_CONFIG: lab.dockerConfig,
      },
    })
    try {
      const desktop = await launching
      cleanup.add(() => desktop.close())
      await use(desktop)
    } finally {
      await cleanup.close()
    }
  },
})

test.skip(binary === undefined, 'no Electron binary on this machine')

test('the desktop window shows the lists of the engine', async ({ desktop }) => {
  const win = new AppWindow(await desktop.firstWindow())
  await win.isReady()
  await win.goTo('Images')
  await expect(win.list('Images').row('slipway-test/busybox:latest')).toBeVisible()
})

test('the window has no Node, is sandboxed, and opens nothing foreign', async ({ desktop }) => {
  const page = await desktop.firstWindow()
  expect(await page.evaluate(() => 'process' in window || 'require' in window)).toBe(false)
  const isForeign = await page.evaluate(() => 'Buffer' in window || 'global' in window)
  expect(isForeign).toBe(false)
  await page.evaluate(() => void window.open('https://example.org'))
  expect(desktop.windows()).toHaveLength(1)
})

test('an image is loaded from where its file lies', async ({ desktop }) => {
  const win = new AppWindow(await desktop.firstWindow())
  await win.isReady()
  await win.goTo('Images')
  const dir = await mkdtemp('/tmp/slt-tar-')
  try {
    const path = join(dir, 'some.tar')
    await writeFile(path, imageTar({ reference: 'by/path:1', layers: [[{ name: 'hello', data: 'hello' }]] }))
    const choosing = win.page.waitForEvent('filechooser')
    await win.headButton('Load from file…').click()
    await (await choosing).setFiles(path)
    await expect(win.list('Images').row('by/path:1')).toBeVisible()
    await win.goTo('Activity')
    await expect(win.page.getByText(`docker load -i ${path}`).first()).toBeVisible()
  } finally {
    await rm(dir, { recursive: true })
  }
})
