import { readFile } from 'node:fs/promises'
import type { Locator } from '@playwright/test'
import { runShell } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { openPage } from '../pages/container-page'

const logs = (win: AppWindow, name: string) =>
  win.page.getByRole('region', { name: `Logs of ${name}` }).first()

const logRow = (view: Locator, text: string): Locator => view.locator('[data-seq]').filter({ hasText: text })
/** The edge of a line, which tells where it was written to. */
const sideOf = (view: Locator, text: string): Locator => logRow(view, text).locator('[data-bar]')

/** Red, green and blue of a text as it is painted. */
async function coloursOf(text: Locator): Promise<[number, number, number]> {
  const css = await text.evaluate((element) => getComputedStyle(element).color)
  const [red = NaN, green = NaN, blue = NaN] = (css.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

test('logs follow, colour, tell stderr apart, and are searched and downloaded', async ({ win, docker }) => {
  const line =
    'i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i+1)); done; ' +
    'printf "\\033[1;31mred words\\033[0m and plain ones\\n"; sleep 1; echo "went wrong" >&2; echo live; sleep 1000'
  await runShell(docker, 'talker', line)
  await openPage(win, 'talker')
  const view = logs(win, 'talker')
  await expect(view).toContainText('live')
  await expect(view.getByText('red words and plain ones', { exact: true })).toBeVisible()
  await expect(view).not.toContainText('31m')
  const [red, green, blue] = await coloursOf(view.getByText('red words', { exact: true }))
  expect(Math.min(red - green, red - blue)).toBeGreaterThan(60)
  const plain = await coloursOf(logRow(view, 'live').locator('bdi'))
  expect(await coloursOf(view.getByText('red words and plain ones'))).toEqual(plain)
  await expect(sideOf(view, 'went wrong')).toHaveAttribute('title', 'stderr')
  await expect(sideOf(view, 'live')).not.toHaveAttribute('title')
  // Drawn in a colour beside what went wrong, and in none beside the rest.
  await expect(sideOf(view, 'live')).toHaveCSS('border-left-color', 'rgba(0, 0, 0, 0)')
  await expect(sideOf(view, 'went wrong')).not.toHaveCSS('border-left-color', 'rgba(0, 0, 0, 0)')
  const search = win.page.getByRole('searchbox', { name: 'Search in logs' })
  await search.fill('line 29')
  await expect(view.getByRole('status').first()).toContainText('11 lines')
  await win.button('Next match (F3)').click()
  await expect(view.getByRole('status').first()).toContainText('of 11 lines')
  await win.button('Regular expression').click()
  await search.fill('^line 29[0-4]$')
  await expect(view.getByRole('status').first()).toContainText('5 lines')
  await win.button('Show matching lines only').click()
  await expect(view.getByText('line 290', { exact: true })).toBeVisible()
  await expect(view.getByText('live', { exact: true })).toHaveCount(0)
  await win.button('Show matching lines only').click()
  await search.fill('(')
  await expect(view).toContainText('Not a valid expression')
  await search.fill('')
  await win.button('Regular expression').click()
  await win.select('Streams', 'stderr only')
  await expect(view).toContainText('went wrong')
  await expect(view.getByText('line 299', { exact: true })).toHaveCount(0)
  await win.select('Streams', 'stdout and stderr')
  const [download] = await Promise.all([
    win.page.waitForEvent('download'),
    win.button('Download the whole log').click(),
  ])
  const saved = await readFile(await download.path(), 'utf8')
  expect(saved).toContain('line 0\n')
  expect(saved).toContain('went wrong')
  await win.button('Clear view').click()
  await expect(view).toContainText('View cleared')
})

test('timestamps, tail and wrapping change what is shown', async ({ win, docker }) => {
  await runShell(docker, 'counter', 'seq 1 1500; printf "%0600d\\n" 7; sleep 1000')
  // Where the tail begins is told by what there is when it is asked for.
  await expect.poll(async () => (await docker('logs', 'counter')).split('\n').length).toBe(1501)
  await openPage(win, 'counter')
  const view = logs(win, 'counter')
  // It is remembered, and so it may be what another spec chose.
  await win.select('How much to load', 'Last 1,000 lines')
  await expect(view.getByText('1500', { exact: true })).toBeVisible()
  await win.button('Timestamps').click()
  await expect(view).toContainText(/\d\d:\d\d:\d\d/)
  await win.button('Timestamps').click()
  await expect(view).not.toContainText(/\d\d:\d\d:\d\d/)
  const heightOf = async (row: Locator): Promise<number> => (await row.boundingBox())?.height ?? 0
  const list = view.getByRole('log')
  const beyond = (): Promise<number> => list.evaluate((one) => one.scrollWidth - one.clientWidth)
  const lineHeight = await heightOf(logRow(view, '1500'))
  const long = logRow(view, '0007')
  await expect.poll(() => heightOf(long)).toBeGreaterThan(2 * lineHeight - 1)
  expect(await beyond()).toBe(0)
  await win.button('Wrap lines').click()
  await expect.poll(() => heightOf(long)).toBe(lineHeight)
  expect(await beyond()).toBeGreaterThan(100)
  await win.button('Wrap lines').click()
  await expect.poll(() => heightOf(long)).toBeGreaterThan(2 * lineHeight - 1)
  await list.focus()
  await win.page.keyboard.press('Control+Home')
  await expect(view.getByText('502', { exact: true })).toBeVisible()
  await expect(view.getByText('501', { exact: true })).toHaveCount(0)
  await win.select('How much to load', 'All lines')
  await win.page.getByRole('searchbox', { name: 'Search in logs' }).fill('1')
  await expect(view.getByRole('status').first()).toContainText('772 lines')
  await win.page.getByRole('searchbox', { name: 'Search in logs' }).fill('')
  await list.focus()
  await win.page.keyboard.press('Control+Home')
  await expect(view.getByText('1', { exact: true }).first()).toBeVisible()
})

test('a time range shows just what was said in it', async ({ win, docker }) => {
  await runShell(docker, 'timed', 'echo early words; sleep 3; echo late words; sleep 1000')
  await openPage(win, 'timed')
  const view = logs(win, 'timed')
  await expect(view).toContainText('late words')
  const said = await docker('logs', '--timestamps', 'timed')
  const lateMs = Date.parse(/^(\S+) late/m.exec(said)?.[1] ?? '')
  // Local time without a zone, as the browser's own field writes it: a whole minute has no seconds there.
  const local = (ms: number): Promise<string> =>
    win.page.evaluate((at) => {
      const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
      return date.toISOString().slice(0, 19).replace(/:00$/, '')
    }, ms)
  await win.select('Time range', 'From … to …')
  await view.getByLabel('From', { exact: true }).fill(await local(lateMs - 1000))
  await expect(view).toContainText('late words')
  await expect(view).not.toContainText('early words')
  await view.getByLabel('To', { exact: true }).fill(await local(lateMs - 3000))
  await expect(view).toContainText('“To” must be later than “From”')
  await view.getByLabel('From', { exact: true }).fill(await local(lateMs - 60_000))
  await view.getByLabel('To', { exact: true }).fill(await local(lateMs - 1000))
  await expect(view).toContainText('early words')
  await expect(view).not.toContainText('late words')
  await win.select('Time range', 'Any time')
  await expect(view).toContainText('late words')
})

test('what is found is marked, and the walk goes both ways and round the end', async ({ win, docker }) => {
  const many = (name: string): string => `echo "a needle in ${name}, a needle"; seq 1 200`
  await runShell(docker, 'haystack', `${many('hay')}; ${many('straw')}; ${many('grass')}; sleep 1000`)
  await openPage(win, 'haystack')
  const view = logs(win, 'haystack')
  await expect(view.getByText('200', { exact: true })).toBeVisible()
  const search = win.page.getByRole('searchbox', { name: 'Search in logs' })
  const status = view.getByRole('status').first()
  await search.fill('needle')
  await expect(status).toHaveText('3 lines')
  const current = view.locator('.log-row--current')
  await expect(current).toHaveCount(0)
  const standsOn = async (place: string, count: string): Promise<void> => {
    await expect(status).toHaveText(count)
    await expect(current).toHaveText(`a needle in ${place}, a needle`)
    await expect(current).toBeInViewport({ ratio: 1 })
    await expect(current.locator('mark')).toHaveText(['needle', 'needle'])
  }
  const none = 'rgba(0, 0, 0, 0)'
  await win.button('Next match (F3)').click()
  await standsOn('grass', '3 of 3 lines')
  await expect(current).not.toHaveCSS('background-color', none)
  await expect(current.locator('mark').first()).not.toHaveCSS('background-color', none)
  await win.button('Previous match (Shift+F3)').click()
  await standsOn('straw', '2 of 3 lines')
  await win.page.keyboard.press('Shift+F3')
  await standsOn('hay', '1 of 3 lines')
  await win.button('Previous match (Shift+F3)').click()
  await standsOn('grass', '3 of 3 lines')
  await win.page.keyboard.press('F3')
  await standsOn('hay', '1 of 3 lines')
  await win.button('Next match (F3)').click()
  await standsOn('straw', '2 of 3 lines')
  await search.fill('')
  await expect(view.locator('mark')).toHaveCount(0)
})

test('whoever scrolls up stays on what they read, hears of new lines, and comes back to them', async ({
  win,
  docker,
}) => {
  await runShell(docker, 'chatty', 'seq 1 500; sleep 1000')
  const say = (line: string): Promise<string> =>
    docker('exec', 'chatty', 'sh', '-c', `${line} > /proc/1/fd/1`)
  await openPage(win, 'chatty')
  const view = logs(win, 'chatty')
  const newest = (text: string): Locator => view.getByText(text, { exact: true })
  await expect(newest('500')).toBeInViewport()
  await expect(win.button('Follow (End)')).toHaveAttribute('aria-pressed', 'true')
  await say('echo first words')
  await expect(newest('first words')).toBeInViewport()
  await newest('first words').hover()
  await win.page.mouse.wheel(0, -1000)
  const jump = win.button('Jump to newest')
  await expect(jump).toBeVisible()
  await expect(win.button('Follow (End)')).toHaveAttribute('aria-pressed', 'false')
  await expect(newest('435')).toBeInViewport()
  await say('seq 501 520')
  const isTold = win.button('20 new lines')
  await expect(isTold).toBeVisible()
  await expect(newest('435')).toBeInViewport()
  await expect(newest('520')).toHaveCount(0)
  await isTold.click()
  await expect(newest('520')).toBeInViewport()
  await expect(jump).toHaveCount(0)
  await expect(win.button('Follow (End)')).toHaveAttribute('aria-pressed', 'true')
  await say('echo last words')
  await expect(newest('last words')).toBeInViewport()
  await win.page.mouse.wheel(0, -1000)
  await jump.click()
  await expect(newest('last words')).toBeInViewport()
  await expect(jump).toHaveCount(0)
})

test('a flood says how much of it was dropped from view, and its download has all', async ({
  win,
  docker,
}) => {
  test.setTimeout(180_000)
  const flood = `awk 'BEGIN { while (length(x) < 100000) x = x "water "; for (n = 1; n <= 700; n++) print "wave " n, x }'`
  await runShell(docker, 'flood', `${flood}; echo the end; sleep 1000`)
  await openPage(win, 'flood')
  const view = logs(win, 'flood')
  await expect(view.getByText('the end', { exact: true })).toBeInViewport({ timeout: 120_000 })
  const told = view.getByText(/^\d+ older lines were dropped from view to stay within 64 MiB\./)
  const dropped = Number.parseInt((await told.textContent()) ?? '', 10)
  await view.getByRole('log').focus()
  await win.page.keyboard.press('Control+Home')
  await expect(logRow(view, `wave ${dropped + 1} `)).toBeVisible()
  await expect(logRow(view, `wave ${dropped} `)).toHaveCount(0)
  const [download] = await Promise.all([
    win.page.waitForEvent('download'),
    win.button('Download the whole log').click(),
  ])
  const saved = await readFile(await download.path(), 'latin1')
  expect(saved.match(/^wave \d+ /gm)).toHaveLength(700)
  expect(saved).toMatch(/^wave 1 water [^]*\nthe end\n$/)
})
