/** The app as a person has it: the built server in a process of its own, and its page in a real browser. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { chromiumArgs } from '../e2e/chromium-args'
import { findBrowser, needBrowser, noBrowser } from '../scripts/setup/browser.mjs'

const root = join(import.meta.dirname, '..')

export interface Served {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** Browser mode as a person starts it: the built server in a process of its own. */
async function serve(host: string, env: NodeJS.ProcessEnv): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'slb-home-'))
  const child = spawn(process.execPath, [serveEntry()], {
    env: { ...process.env, ...env, SLIPWAY_HOME: home, DOCKER_HOST: host },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async (): Promise<void> => {
    const isOver = child.exitCode !== null || child.signalCode !== null
    const ended = isOver
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill()
    await ended
    rmSync(home, { recursive: true, force: true })
  }
  try {
    return { url: await firstUrl(child), pid: child.pid ?? 0, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const serveEntry = (): string => join(root, process.env['SLIPWAY_OUT'] ?? 'dist', 'main/serve.js')

/** These rows measure what was built, so an old build shows old numbers. */
export function missingPage(): string[] {
  return [
    ...(existsSync(serveEntry()) ? [] : [`${serveEntry()} is not there. Run: npm run build`]),
    ...(findBrowser() ? [] : [noBrowser]),
  ]
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

/** A page of the app on an engine, in a browser of its own. */
export async function withPage<T>(
  host: string,
  work: (page: Page, cdp: CDPSession, served: Served) => Promise<T>,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const served = await serve(host, env)
  try {
    const browser = await chromium.launch({ executablePath: needBrowser(), args: chromiumArgs })
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      const cdp = await page.context().newCDPSession(page)
      await cdp.send('Performance.enable')
      await page.goto(served.url)
      await page.getByRole('heading', { level: 1, name: 'Containers' }).waitFor()
      return await work(page, cdp, served)
    } finally {
      await browser.close()
    }
  } finally {
    await served.stop()
  }
}
