import type { Page } from '@playwright/test'
import { lookAtEveryPage, makeShown } from '../fixtures/every-page'
import { expect, test } from '../fixtures/test'

/** Words that stay as they are in every language: names, units, what engines and Docker call things. */
const untranslated =
  /^(Slipway|docker|dockerd|busybox|latest|bridge|host|none|null|local|tcp|udp|sctp|ID|CPU|DNS|IPv6|TTY|JSON|English|HOST|DOCKER|API|TLS|NUMA|overlay2?|unix|tmp|run|linux|amd64|Podman|Engine|Docker|korean|test|Ctrl|GiB|MiB|KiB|kB|MB|GB|cgroup|vfs)$/i

/** A container's status in the engine's own words, as `docker ps` shows it. */
const dockerStatus = /^Up /

test('both languages switch at once, everywhere, and nothing stays English', async ({
  ownApp,
  openWindow,
  docker,
}) => {
  test.setTimeout(180_000)
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  const shown = await makeShown(app, docker)
  await win.goTo('Settings')
  await win.select('Language', '한국어')
  await expect(win.page.getByRole('navigation').getByRole('link').first()).toContainText('컨테이너')
  await expect(win.page.locator('html')).toHaveAttribute('lang', 'ko')
  await lookAtEveryPage(win, shown, async (place) => {
    expect.soft(await englishWords(win.page), `English on ${place}`).toEqual([])
    expect.soft(await idleScrollbars(win.page), `scrollbars on ${place}`).toEqual([])
  })
  await win.open('/settings')
  await win.page.getByRole('combobox', { name: '언어', exact: true }).click()
  await win.page.getByRole('option', { name: 'English', exact: true }).click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})

/** What can be scrolled by a pixel or two only: something stands out of its box, and a scrollbar stands there for it. */
const idleScrollbars = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root *')].flatMap((element) => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const isIdle = (overflow: string, by: number): boolean =>
        ['auto', 'scroll'].includes(overflow) && by > 0 && by <= 3
      const [x, y] = [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight]
      return isIdle(overflowX, x) || isIdle(overflowY, y) ? [`${element.className} ${x} ${y}`] : []
    }),
  )

/** Runs of two or more Latin words in texts and labels: a word alone may be a name. */
async function englishWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set<string>()
    const skip =
      'style, .xterm, bdi, code, pre, textarea, .mono, .engine-list__facts, kbd, [data-points], .key-values__value'
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest(skip)) found.add(node.textContent ?? '')
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (!element.closest(skip))
        for (const name of ['aria-label', 'title', 'placeholder']) found.add(element.getAttribute(name) ?? '')
    return [...found]
  })
  return texts.filter((text) => {
    const words = text.split(/\s+/).filter((word) => /^[A-Za-z’-]{3,}[.,…:?]?$/.test(word))
    if (dockerStatus.test(text)) return false
    return !/[가-힣]/.test(text) && words.filter((word) => !untranslated.test(word)).length > 1
  })
}

test('the theme follows the system, and can be fixed', async ({ ownApp, openWindow }) => {
  const app = await ownApp()
  const win = await openWindow(app, { colorScheme: 'dark' })
  await win.isReady()
  const isDark = (): Promise<boolean> =>
    win.page.evaluate(() => {
      const [r = 255, g = 255, b = 255] = (
        getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
      ).map(Number)
      return r + g + b < 200
    })
  await expect.poll(isDark).toBe(true)
  await win.page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(isDark).toBe(false)
  await win.goTo('Settings')
  await win.select('Theme', 'Dark')
  await expect.poll(isDark).toBe(true)
  await win.reload()
  await expect.poll(isDark).toBe(true)
  await win.select('Theme', 'As the system')
  await expect.poll(isDark).toBe(false)
})

test('the page comes in the chosen theme and language, and is never drawn in another', async ({
  ownApp,
  openWindow,
}) => {
  const app = await ownApp()
  const win = await openWindow(app, { colorScheme: 'light', locale: 'ko-KR' })
  await expect(win.page.getByRole('heading', { level: 1, name: '컨테이너' })).toBeVisible()
  await win.open('/settings')
  await win.select('테마', '어둡게')
  await win.select('언어', 'English')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  // The window changes at once, core a moment later.
  const source = async (): Promise<string> => (await win.page.request.get(app.origin)).text()
  await expect.poll(source).toContain('<html lang="en" data-theme="dark" data-language="en">')
  expect(await source()).toContain('name="color-scheme" content="dark"')
  await win.page.addInitScript(() => {
    const seen = new Set<string>()
    Object.assign(window, { seen })
    const look = (): void => {
      const root = document.documentElement as HTMLElement | null
      if (root) seen.add(`${root.lang} ${root.dataset['theme'] ?? 'none'}`)
      const heading = document.querySelector('h1')?.textContent
      if (heading) seen.add(heading)
      requestAnimationFrame(look)
    }
    look()
  })
  await win.reload()
  await expect(win.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  const seen = await win.page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])
  expect(seen.filter((one) => one !== 'en dark' && one !== 'Settings')).toEqual([])
})
