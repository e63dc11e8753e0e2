import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import type { Lab, Row } from '../lab'
import { limit, ticksToSeconds } from '../measure'

const root = join(import.meta.dirname, '../..')
const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Served {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** Browser mode as a person starts it: the built server in a process of its own. */
async function serve(lab: Lab): Promise<Served> {
  const entry = join(root, process.env['SLIPWAY_OUT'] ?? 'dist', 'main/serve.js')
  if (!existsSync(entry)) throw new Error('Build first: npm run build')
  const home = mkdtempSync(join(tmpdir(), 'slb-home-'))
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, SLIPWAY_HOME: home, DOCKER_HOST: lab.engine.host },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await firstUrl(child)
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill()
      await new Promise((resolve) => child.once('exit', resolve))
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const url = /http:\/\/\S+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', () => reject(new Error(`serve ended: ${said}`)))
  })
}

async function withPage<T>(
  lab: Lab,
  path: string,
  work: (page: Page, cdp: CDPSession, served: Served) => Promise<T>,
): Promise<T> {
  const served = await serve(lab)
  const browser = await chromium.launch({
    executablePath: process.env['SLIPWAY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: chromiumArgs,
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    await page.goto(served.url)
    await page.getByRole('grid').first().waitFor()
    await page.evaluate((hash) => (location.hash = hash), path)
    return await work(page, cdp, served)
  } finally {
    await browser.close()
    await served.stop()
  }
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

/** Script time per second of the list of 1,000 containers while the rows in view get live numbers. */
export const table: Row = {
  name: 'table',
  run: async (lab) => {
    await lab.fill(1000, false)
    const names = Array.from({ length: 40 }, (_, at) => `bench-${at}`)
    await lab.docker('start', ...names)
    const result = await withPage(lab, '/containers', async (page, cdp) => {
      await pause(5000)
      const before = await metric(cdp, 'ScriptDuration')
      const seconds = 20
      await pause(seconds * 1000)
      const perTick = ((await metric(cdp, 'ScriptDuration')) - before) * (1000 / seconds)
      const rows = await page.getByRole('row').count()
      return [
        limit({ row: '1,000 rows with live numbers, script per tick', unit: 'ms' }, perTick, 8),
        limit({ row: '1,000 rows, rows in the page', unit: 'rows' }, rows, 60),
      ]
    })
    await lab.docker('kill', ...names)
    return result
  },
}

const total = 200_000

/** From opening the page of a container with 200,000 coloured lines to the last of them in view. */
export const logLines: Row = {
  name: 'logs',
  run: async (lab) => {
    const script = `i=0; while [ $i -lt ${total} ]; do echo -e "\\033[3$((i%7+1))mline $i\\033[0m of a log with some words in it"; i=$((i+1)); done`
    await lab
      .docker(
        'run',
        '--name',
        'bench-lines',
        '--network',
        'none',
        '-e',
        'A=1',
        lab.image,
        'sh',
        '-c',
        `${script} > /dev/stdout`,
      )
      .catch(() => '')
    const id = (await lab.docker('ps', '-aqf', 'name=^bench-lines$', '--no-trunc')).trim()
    const result = await withPage(lab, '/containers', async (page, cdp) => {
      await page.evaluate(
        ([engine, container]) => (location.hash = `/containers/${engine}/${container}/logs`),
        [lab.id, id],
      )
      const tail = page.getByRole('combobox', { name: /tail|lines/i }).first()
      await tail.waitFor()
      const heapBefore = await metric(cdp, 'JSHeapUsedSize')
      const start = performance.now()
      await tail.click()
      await page.getByRole('option', { name: /all/i }).click()
      await page
        .getByText(`line ${total - 1} of`)
        .first()
        .waitFor({ timeout: 120_000 })
      const seconds = (performance.now() - start) / 1000
      const megabytes = ((await metric(cdp, 'JSHeapUsedSize')) - heapBefore) / 1e6
      return [
        limit({ row: '200,000 log lines into the view', unit: 's' }, seconds, 8),
        limit({ row: '200,000 log lines, heap added', unit: 'MB' }, megabytes, 250),
      ]
    })
    await lab.docker('rm', '-f', 'bench-lines')
    return result
  },
}

/** What an open core with no window costs, with 100 containers running. */
export const idle: Row = {
  name: 'idle',
  run: async (lab) => {
    await lab.fill(100, true)
    const served = await serve(lab)
    const cpu = (): number => ticksToSeconds(readFileSync(`/proc/${served.pid}/stat`, 'utf8'))
    await pause(10_000)
    const before = cpu()
    const seconds = 120
    await pause(seconds * 1000)
    const percent = ((cpu() - before) / seconds) * 100
    await served.stop()
    await lab.docker('rm', '-f', ...Array.from({ length: 100 }, (_, at) => `bench-${at}`))
    return [
      limit({ row: 'idle with 100 containers, no window: CPU of core', unit: '% of a core' }, percent, 0.1),
    ]
  },
}
