import { runShell } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

const lines = 200_000

test('two hundred thousand log lines are scrolled to both ends and searched, with few of them drawn', async ({
  win,
  docker,
}) => {
  test.setTimeout(240_000)
  const name = 'long-winded'
  await runShell(docker, name, `seq 1 ${lines} | sed 's/.*/line & of many words/'; echo the end; sleep 1000`)
  // The engine takes its time to write them: the page is to load them, not to follow them.
  await expect.poll(() => docker('logs', '--tail', '1', name), { timeout: 120_000 }).toBe('the end')
  await win.list('Containers').openRow(name)
  const view = win.page.getByRole('region', { name: `Logs of ${name}` }).first()
  await expect(view.getByText('the end', { exact: true })).toBeVisible()
  await win.select('How much to load', 'All lines')
  const search = win.page.getByRole('searchbox', { name: 'Search in logs' })
  const status = view.getByRole('status').first()
  await search.fill('of many words')
  await expect(status).toContainText(/200[.,\s]?000 lines/, { timeout: 120_000 })
  await search.fill('line 123456 of')
  await expect(status).toContainText('1 line')
  await win.button('Next match (F3)').click()
  await expect(view.getByText('line 123456 of many words', { exact: true })).toBeVisible()
  await search.fill('')
  await view.getByText('line 123456 of many words', { exact: true }).click()
  await win.page.keyboard.press('Control+Home')
  await expect(view.getByText('line 1 of many words', { exact: true })).toBeVisible()
  expect(await view.locator('[data-seq]').count()).toBeLessThan(300)
  await win.page.keyboard.press('Control+End')
  await expect(view.getByText('the end', { exact: true })).toBeVisible()
  // Nothing was dropped from view, and the window still answers.
  await expect(view.getByText(/dropped from view/)).toHaveCount(0)
  await win.goTo('Images')
  await win.goTo('Containers')
  await expect(win.list('Containers').row(name)).toBeVisible()
})
