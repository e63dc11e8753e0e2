// `npm run screenshots`: every page, in both themes and both languages, into docs/screenshots; `-- NAME...` just those.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { chromiumArgs } from '../e2e/chromium-args'
import { appOut, startApp, type RunningApp } from '../e2e/fixtures/running-app'
import { run } from '../src/main/core/platform/child'
import { Cleanup } from '../src/shared/std/cleanup'
import { startTestEngine } from '../testing/engine/start-engine'
import { needBrowser } from './setup/browser.mjs'
import { seed } from './screenshots/demo'

const out = resolve(import.meta.dirname, '../docs/screenshots')
/** Short and the same on every machine, as it shows on two pages. */
const demo = '/tmp/slipway-demo'
const themes = ['light', 'dark'] as const
const languages = { en: 'en-US', ko: 'ko-KR' } as const

const wanted = process.argv.slice(2)
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name)

interface Shot {
  readonly name: string
  readonly path: string
  /** Something to wait for or to do before the picture. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

const settled = (ms: number) => (page: Page) => page.waitForTimeout(ms)

interface Shown {
  readonly api: string
  readonly image: string
  readonly next: string
  readonly machine: string
}

function shots({ api, image, next, machine }: Shown): readonly Shot[] {
  const container = `/containers/local/${api}`
  const pictured = `/images/local/${encodeURIComponent(image)}`
  return [
    { name: 'containers', path: '/containers', prepare: settled(7000) },
    { name: 'logs', path: `${container}/logs`, prepare: settled(1500) },
    { name: 'terminal', path: `${container}/terminal`, prepare: typeInTerminal },
    { name: 'stats', path: `${container}/stats`, prepare: settled(8000) },
    { name: 'files', path: `${container}/files?dir=/app`, prepare: settled(1500) },
    { name: 'file', path: `${container}/files?file=/app/src/server.js`, prepare: settled(2500) },
    { name: 'changes', path: `${container}/changes`, prepare: settled(1500) },
    { name: 'inspect', path: `${container}/inspect` },
    { name: 'run', path: `/run?engine=local&like=${api}`, prepare: settled(1000) },
    { name: 'images', path: '/images' },
    {
      name: 'layers',
      path: `${pictured}/layers?path=${encodeURIComponent('/app/src/server.js')}&file=contents`,
      prepare: settled(2500),
    },
    { name: 'layers-map', path: `${pictured}/layers?show=map`, prepare: settled(2000) },
    { name: 'layers-waste', path: `${pictured}/layers?show=waste`, prepare: settled(2000) },
    {
      name: 'compare',
      path: `/images/compare/local/${encodeURIComponent(image)}/local/${encodeURIComponent(next)}`,
      prepare: settled(2500),
    },
    { name: 'volumes', path: '/volumes' },
    { name: 'networks', path: '/networks' },
    {
      name: 'activity',
      path: '/activity',
      prepare: (page) =>
        page
          .getByRole('row')
          .nth(1)
          .click({ position: { x: 60, y: 12 } }),
    },
    { name: 'settings', path: '/settings' },
    { name: 'engine', path: '/engine', prepare: settled(2500) },
    { name: 'diagnostics', path: '/diagnostics', prepare: settled(3000) },
    { name: 'disk', path: '/disk/local', prepare: settled(2500) },
    { name: 'machines', path: '/machines', prepare: settled(2500) },
    { name: 'machine', path: `/machines/${machine}`, prepare: settled(2500) },
    { name: 'machine-settings', path: `/machines/${machine}/settings` },
    { name: 'machine-wizard', path: '/machines?new=', prepare: settled(1500) },
    { name: 'palette', path: '/containers', prepare: openPalette },
  ]
}

async function typeInTerminal(page: Page): Promise<void> {
  const screen = page.locator('.xterm-screen:visible')
  await screen.click()
  await page.waitForTimeout(1000)
  await page.keyboard.type('clear; ls -la / | head -12; id')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(700)
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('shop')
  await page.waitForTimeout(400)
}

async function main(): Promise<void> {
  if (!existsSync(join(appOut, 'main', 'serve.js')))
    throw new Error('The app is not built. Run: npm run build')
  const { stdout: fonts } = await run('fc-list', [':lang=ko'])
  if (fonts.trim() === '')
    throw new Error('No font here has Korean letters. Run: apt-get install fonts-noto-cjk')
  const cleanup = new Cleanup()
  try {
    await takeAll(cleanup)
  } finally {
    await cleanup.close()
  }
}

async function takeAll(cleanup: Cleanup): Promise<void> {
  await rm(demo, { recursive: true, force: true })
  await mkdir(join(demo, 'docker-config'), { recursive: true })
  cleanup.add(() => rm(demo, { recursive: true, force: true }))
  const engine = await startTestEngine()
  cleanup.add(() => engine.stop())
  await symlink(engine.socket, join(demo, 'docker.sock'))
  const config = join(demo, 'docker-config')
  console.log('Filling an engine')
  const ids = await seed(engine.socket, config)
  const app = await startApp({
    dockerHost: `unix://${demo}/docker.sock`,
    dockerConfig: config,
    home: join(demo, 'home'),
    // The agent comes as it does for a person who has an engine on the same computer.
    env: { SLIPWAY_AGENT: '' },
  })
  cleanup.add(() => app.stop())
  console.log('Starting a machine')
  const machine = await startMachine(app)
  const browser = await chromium.launch({
    executablePath: needBrowser(),
    args: chromiumArgs,
  })
  cleanup.add(() => browser.close())
  await mkdir(out, { recursive: true })
  const taken = new Set<string>()
  for (const theme of themes)
    for (const [language, locale] of Object.entries(languages))
      for (const file of await takeSet(browser, {
        app,
        theme,
        language,
        locale,
        shots: shots({ ...ids, machine }).filter(({ name }) => isWanted(name)),
      }))
        taken.add(file)
  // Only now: a run that was stopped in the middle leaves no page without a picture.
  if (wanted.length === 0) for (const old of await readdir(out)) if (!taken.has(old)) await rm(join(out, old))
}

/** A real one, small; an emulated boot takes a while. Answers its id. */
async function startMachine({ home }: RunningApp): Promise<string> {
  const args = [
    'machine',
    'up',
    'dev',
    '--cpus',
    '1',
    '--memory',
    '1g',
    '--disk',
    '20',
    '--no-share',
    '--json',
  ]
  const ran = await run(process.execPath, [join(appOut, 'main', 'cli.js'), ...args], {
    env: { ...process.env, SLIPWAY_HOME: home },
    timeoutMs: 10 * 60_000,
  })
  if (ran.code !== 0) throw new Error(`The machine did not start: ${ran.stderr}`)
  return (JSON.parse(ran.stdout) as { id: string }).id
}

interface PictureSet {
  readonly app: RunningApp
  readonly theme: (typeof themes)[number]
  readonly language: string
  readonly locale: string
  readonly shots: readonly Shot[]
}

async function takeSet(
  browser: Browser,
  { app, theme, language, locale, shots }: PictureSet,
): Promise<string[]> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: theme,
    locale,
  })
  const page = await context.newPage()
  await page.goto(app.url)
  await page.getByRole('grid').or(page.getByRole('treegrid')).waitFor()
  if (theme === 'light' && language === 'en') await beBusy(page)
  const files: string[] = []
  for (const shot of shots) {
    await page.evaluate((path) => (window.location.hash = `#${path}`), shot.path)
    await page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog')).first().waitFor()
    // Where nothing lights up under it.
    await page.mouse.move(100, 500)
    await page.waitForTimeout(600)
    await shot.prepare?.(page)
    await page.evaluate(hideThisComputer)
    const file = `${shot.name}-${theme}-${language}.png`
    await page.screenshot({ path: join(out, file), animations: 'disabled', caret: 'hide' })
    console.log(file)
    files.push(file)
    await page.keyboard.press('Escape')
  }
  await context.close()
  return files
}

/** Runs in the page: temporary folders and a kernel's own name are nobody's business. */
function hideThisComputer(): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const shown = (node.nodeValue ?? '')
      .replace(/\/tmp\/slt-[\w-]+\/d/g, '/var/lib/docker')
      .replace(/\/tmp\/slipway-demo\/docker\.sock/g, '/var/run/docker.sock')
      .replace(/\/tmp\/slipway-demo\/home/g, '/home/you/.local/share/slipway')
      .replace(/(kernel |커널 )\S+/g, (_, word: string) => `${word}6.1.0-40-amd64`)
    if (shown !== node.nodeValue) node.nodeValue = shown
  }
}

/** Some actions, so that Activity has something to tell. */
async function beBusy(page: Page): Promise<void> {
  for (const [name, verb] of [
    ['shop-cache-1', 'Restart'],
    ['nightly-backup', 'Start'],
    ['metrics-grafana-1', 'Stop'],
    ['metrics-grafana-1', 'Start'],
  ] as const) {
    const row = page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
    await row.click({ button: 'right', position: { x: 60, y: 12 } })
    await page
      .getByRole('menuitem')
      .filter({ has: page.getByText(verb, { exact: true }) })
      .click()
    await page.waitForTimeout(1500)
  }
  await page.keyboard.press('Escape')
}

await main()
