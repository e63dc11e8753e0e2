import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import { startFaultProxy, type FaultProxy } from '../../testing/fault-proxy/fault-proxy'
import { treeCpu, type Lab, type Row } from '../lab'
import { judge, limit, median, pairs, timed, type Result } from '../measure'
import { missingPage, withPage, type Served } from '../page'

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

/** Windows of time that a figure is the median of. */
const turns = 7

/** Script time per second of the list of 1,000 containers while the rows in view get live numbers. */
export const table: Row = {
  name: 'table',
  missing: missingPage,
  run: async (lab) => {
    await lab.fill(1000, false)
    const names = Array.from({ length: 40 }, (_, at) => `bench-${at}`)
    await lab.docker('start', ...names)
    try {
      return await withPage(lab.engine.host, async (page, cdp) => {
        // The newest rows come first: those that run are brought into view.
        await page.getByRole('searchbox').first().fill('bench-')
        await page
          .getByRole('row', { name: /bench-/ })
          .first()
          .waitFor()
        await pause(5000)
        const perTick: number[] = []
        for (let turn = 0; turn < turns; turn++) {
          const before = await metric(cdp, 'ScriptDuration')
          await pause(4000)
          perTick.push(((await metric(cdp, 'ScriptDuration')) - before) * 250)
        }
        const rows = await page.getByRole('row').count()
        return [
          limit({ row: '1,000 rows with live numbers, script per tick', unit: 'ms' }, median(perTick), 8),
          limit({ row: '1,000 rows, rows in the page', unit: 'rows' }, rows, 60),
        ]
      })
    } finally {
      await lab.docker('kill', ...names)
    }
  },
}

const total = 200_000

/** From choosing all lines of a container that wrote 200,000 coloured ones to the last of them in view. */
export const logLines: Row = {
  name: 'logs',
  missing: missingPage,
  run: async (lab) => {
    const script = `i=0; while [ $i -lt ${total} ]; do echo -e "\\033[3$((i%7+1))mline $i\\033[0m of a log with some words in it"; i=$((i+1)); done`
    const args = ['run', '--name', 'bench-lines', '--network', 'none', lab.image, 'sh', '-c']
    try {
      await lab.docker(...args, `${script} > /dev/stdout`)
      const id = (await lab.docker('ps', '-aqf', 'name=^bench-lines$', '--no-trunc')).trim()
      return await withPage(lab.engine.host, async (page, cdp) => {
        await page.evaluate((hash) => (location.hash = hash), `/containers/${lab.id}/${id}/logs`)
        await page
          .getByText(`line ${total - 1} of`)
          .first()
          .waitFor()
        const heapBefore = await heap(cdp)
        const scripts: number[] = []
        const all = await pairs(
          5,
          () => timed(() => lab.docker('logs', 'bench-lines')),
          async () => {
            await lastLines(page)
            const before = await metric(cdp, 'ScriptDuration')
            const tookMs = await timed(() => allLines(page))
            scripts.push((await metric(cdp, 'ScriptDuration')) - before)
            return tookMs
          },
        )
        const megabytes = (await heap(cdp)) - heapBefore
        return [
          judge({ row: '200,000 log lines into the view, against docker logs', unit: 'ms' }, all, {
            atMost: 2,
          }),
          limit({ row: '200,000 log lines into the view, script', unit: 's' }, median(scripts), 2),
          limit({ row: '200,000 log lines, heap added', unit: 'MB' }, megabytes, 250),
        ]
      })
    } finally {
      await lab.docker('rm', '-f', 'bench-lines').catch(() => '')
    }
  },
}

async function choose(page: Page, option: string): Promise<void> {
  await page.getByRole('combobox', { name: 'How much to load' }).click()
  await page.getByRole('option', { name: option }).click()
}

async function lastLines(page: Page): Promise<void> {
  await choose(page, 'Last 100 lines')
  await untilTall(page, 0, 200)
}

/** Until all are in the list and the last of them is drawn. */
async function allLines(page: Page): Promise<void> {
  await choose(page, 'All lines')
  await untilTall(page, total, Infinity)
  await page
    .getByText(`line ${total - 1} of`)
    .first()
    .waitFor()
}

/** Until the list of lines is so many lines high. */
async function untilTall(page: Page, least: number, most: number): Promise<void> {
  const isTall = ([from, to]: readonly [number, number]): boolean => {
    const canvas = document.querySelector('.log-list__canvas')
    const line = document.querySelector('.log-list__probe')
    if (!canvas || !line) return false
    // A pixel less: heights are rounded.
    const lines = (canvas.clientHeight + 1) / line.getBoundingClientRect().height
    return lines >= from && lines <= to
  }
  await page.waitForFunction(isTall, [least, most] as const, { timeout: 120_000 })
}

/** MB of live objects: what could be collected is no cost. */
async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await metric(cdp, 'JSHeapUsedSize')) / 1e6
}

type Asked = FaultProxy['requests']
const isStats = ({ path }: Asked[number]): boolean => path.endsWith('/stats?stream=true')

async function untilStats(asked: Asked): Promise<void> {
  for (let tries = 0; !asked.some(isStats); tries++) {
    if (tries > 300) throw new Error('The list asked for no live numbers')
    await pause(100)
  }
}

/** A browser without a screen hides no page: the page is told what a minimised window is told. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true })
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
    document.dispatchEvent(new Event('visibilitychange'))
  })
}

const running = 100
/** Long enough that what happens once a minute is in it. */
const idleSeconds = 120

/** What an open core costs whose window is hidden, with 100 containers running. */
export const idle: Row = {
  name: 'idle',
  missing: missingPage,
  run: async (lab) => {
    await lab.fill(running, true)
    try {
      return [...(await idleBy(lab, 'API')), ...(await idleBy(lab, 'agent'))]
    } finally {
      await lab.docker('rm', '-f', ...Array.from({ length: running }, (_, at) => `bench-${at}`))
    }
  },
}

/** Live numbers come from the engine's streams, or from an agent: here a child of core, whose time counts as core's. */
async function idleBy(lab: Lab, road: 'API' | 'agent'): Promise<Result[]> {
  const proxy = await startFaultProxy(lab.engine.socket, join(lab.engine.dir, `counted-${road}`))
  const work = async (page: Page, cdp: CDPSession, served: Served): Promise<Result[]> => {
    if (road === 'API') await untilStats(proxy.requests)
    await page.getByRole('row', { name: /%/ }).first().waitFor()
    if (road === 'agent' && proxy.requests.some(isStats)) throw new Error('Core has no agent here')
    await hide(page)
    // The window lets go of what it follows only when it stays hidden.
    await pause(40_000)
    const [asked, cpu, script] = [
      proxy.requests.length,
      treeCpu(served.pid),
      await metric(cdp, 'TaskDuration'),
    ]
    await pause(idleSeconds * 1000)
    const core = ((treeCpu(served.pid) - cpu) / idleSeconds) * 100
    const window = (((await metric(cdp, 'TaskDuration')) - script) / idleSeconds) * 100
    // What stays open is the reader of events.
    const streams = proxy.requests.slice(asked).filter(isStats).length + proxy.openConnections - 1
    const row = (what: string): string => `idle, 100 containers, hidden window, by ${road}: ${what}`
    return [
      limit({ row: row('CPU of core'), unit: '% of a core' }, core, 0.1),
      limit({ row: row('CPU of the page'), unit: '% of a core' }, window, 0.1),
      limit({ row: row('stats streams'), unit: 'streams' }, streams, 0),
    ]
  }
  try {
    const env = road === 'API' ? { SLIPWAY_AGENT: 'off' } : {}
    return await withPage(`unix://${proxy.socketPath}`, work, env)
  } finally {
    await proxy.close()
  }
}
