import { EngineApi } from '../fixtures/engine-api'
import { runShell } from '../fixtures/containers'
import { FakeEngine, fakeContainer } from '../../testing/fake-engine/fake-engine'
import { expect, test } from '../fixtures/test'

test('a line of 20 MB, binary output and escape sequences stay text', async ({ win, docker }) => {
  test.setTimeout(120_000)
  const line =
    'echo before; yes abcdefghij | tr -d "\\n" | head -c 20000000; echo; head -c 20000 /dev/urandom; echo; ' +
    'printf "\\033]0;stolen title\\007\\033[2J\\033]8;;http://evil.example\\007click\\033]8;;\\007 plain\\n"; ' +
    'echo "<img src=x onerror=alert(1)><b>bold</b>"; printf "\\342\\200\\256reversed\\n"; echo after; sleep 1000'
  await runShell(docker, 'hostile', line)
  await win.list('Containers').openRow('hostile')
  const log = win.page.getByRole('region', { name: 'Logs of hostile' }).first()
  await expect(log.getByText('after', { exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(log).toContainText('<img src=x onerror=alert(1)><b>bold</b>')
  await expect(log).toContainText('click plain')
  expect(await win.page.title()).not.toContain('stolen')
  expect(await log.locator('img, b').count()).toBe(0)
  expect(await log.getByRole('link').count()).toBe(0)
  const search = win.page.getByRole('searchbox', { name: 'Search in logs' })
  // The engine counts each 16 kB of a long line as a line of its tail.
  await win.select('How much to load', 'All lines')
  await expect(log.getByText('after', { exact: true })).toBeVisible({ timeout: 60_000 })
  await search.fill('before')
  await expect(log.getByRole('status').first()).toContainText('1 line', { timeout: 60_000 })
  await win.goTo('Images')
})

test('labels of HTML, right-to-left and 100 KB are shown as text', async ({ win, lab }) => {
  const api = new EngineApi(lab.socket)
  await api.create('labelled', {
    Labels: {
      html: '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">',
      rtl: '\u202Egnp.exe',
      huge: 'x'.repeat(100_000),
      'com.docker.compose.project': '<b>project</b>',
    },
  })
  api.close()
  const list = win.list('Containers')
  await expect(list.row('labelled')).toBeVisible()
  await expect(list.row('<b>project</b>')).toBeVisible()
  await list.openRow('labelled')
  await win.page.getByRole('tab', { name: 'Inspect' }).click()
  // The window remembers which of the two was looked at last.
  await win.page.getByRole('tab', { name: 'Overview' }).click()
  await expect(
    win.page.getByText('<script>window.hacked = 1</script>', { exact: false }).first(),
  ).toBeVisible()
  // Each value stands in an element of its own direction: the one that turns the line around ends with it.
  const values = win.page.locator('bdi')
  await expect(values.filter({ hasText: 'gnp.exe' }).first()).toBeVisible()
  const huge = values.filter({ hasText: 'x'.repeat(100) })
  await expect(huge).toHaveText(`${'x'.repeat(400)}…`)
  await win.button(/^Show all \(/).click()
  await expect(huge).toHaveText('x'.repeat(100_000))
  expect(await win.page.evaluate(() => 'hacked' in window)).toBe(false)
  const overflow = await win.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})

test('names that no engine should give are text too', async ({ ownApp, openWindow }) => {
  const fake = new FakeEngine(`/tmp/slt-hostile-${process.pid}.sock`)
  fake.holdings.containers = [
    fakeContainer(1, { Names: ['/<img src=x onerror="window.hacked=1">'], Image: '<svg onload=alert(1)>' }),
    fakeContainer(2, { Names: ['/\u202Elive\u202C'] }),
    fakeContainer(3, { Names: [`/${'n'.repeat(100_000)}`] }),
  ]
  await fake.start()
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${fake.socketPath}` }))
    const list = win.list('Containers')
    await expect(list.rows).toHaveCount(3)
    await expect(list.row('<img src=x onerror="window.hacked=1">')).toBeVisible()
    const named = (text: string) => list.rows.filter({ has: win.page.locator('bdi', { hasText: text }) })
    await expect(named('\u202Elive\u202C')).toHaveCount(1)
    await expect(named('n'.repeat(1000))).toHaveCount(1)
    expect(await win.page.evaluate(() => 'hacked' in window)).toBe(false)
    const width = await win.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(width).toBeLessThanOrEqual(0)
    const heights = await list.rows.evaluateAll((rows) =>
      rows.map((row) => row.getBoundingClientRect().height),
    )
    expect(Math.max(...heights)).toBeLessThanOrEqual(28)
  } finally {
    await fake.stop()
  }
})

test('a title that a program sets for its terminal is text', async ({ win, docker }) => {
  await runShell(docker, 'titled', 'sleep 1000')
  await win.list('Containers').openRow('titled')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const rows = win.page.getByRole('tabpanel').locator('.xterm-rows:visible')
  await expect(rows).toContainText(/[#$]/, { timeout: 30_000 })
  await win.page.getByRole('tabpanel').locator('.xterm-screen:visible').click()
  await win.page.keyboard.type('printf "\\033]0;<b>owned</b>\\007"')
  await win.page.keyboard.press('Enter')
  await expect(win.page.getByRole('combobox', { name: 'Sessions' })).toContainText('<b>owned</b>')
  expect(await win.page.locator('b', { hasText: 'owned' }).count()).toBe(0)
})
