import { painted } from '../fixtures/painted'
import { expect, test } from '../fixtures/test'
import { TerminalScreen } from '../pages/terminal-screen'

test('from a pull to a running container with logs, a shell, layers and a CPU curve', async ({
  win,
  lab,
  docker,
}) => {
  test.setTimeout(150_000)
  const { page } = win
  const reference = `${lab.registry}/team/app:1.0`
  await test.step('pull', async () => {
    await win.goTo('Images')
    await win.headButton('Pull…').click()
    await win.dialog.getByRole('combobox', { name: 'Reference' }).fill(reference)
    await page.keyboard.press('Enter')
    await expect(win.dialog).toHaveCount(0)
    await expect(win.list('Images').row(reference)).toBeVisible({ timeout: 60_000 })
    await win.goTo('Activity')
    await win.list('Tasks').row(reference).click()
    await expect(page.getByText(`docker pull ${reference}`).first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Parts' }).getByRole('listitem')).toHaveCount(4)
  })
  await test.step('run', async () => {
    await win.goTo('Images')
    await win.list('Images').choose(reference, 'Run…')
    const basics = page.getByRole('region', { name: 'Image and command' })
    await expect(basics.getByLabel('Image')).toHaveValue(reference)
    await basics.getByLabel('Name').fill('first')
    await win.button('Run').click()
    await expect(page.getByRole('heading', { level: 1, name: 'first' })).toBeVisible({ timeout: 30_000 })
    expect(await docker('inspect', '-f', '{{.State.Running}}', 'first')).toBe('true')
  })
  await test.step('logs', async () => {
    await expect(page.getByRole('region', { name: 'Logs of first' }).first()).toContainText('ready to serve')
  })
  await test.step('shell', async () => {
    await page.getByRole('tab', { name: 'Terminal' }).click()
    const screen = new TerminalScreen(page, page.getByRole('tabpanel'))
    await screen.isReady()
    await screen.run('echo sum $((40 + 2)) in $(pwd)')
    await screen.shows('sum 42 in /data')
  })
  await test.step('CPU curve', async () => {
    await page.getByRole('tab', { name: 'Stats' }).click()
    const chart = page.getByRole('figure', { name: 'CPU of first' })
    await expect(chart).toContainText(/Used \d\d/, { timeout: 20_000 })
    await expect.poll(() => painted(chart.locator('canvas'), 'blue'), { timeout: 20_000 }).toBeGreaterThan(20)
  })
  await test.step('layers', async () => {
    await page.getByRole('link', { name: reference }).click()
    const layers = page.getByRole('list', { name: 'Layers' })
    await expect(layers.getByRole('listitem')).toHaveCount(4)
    await expect(layers).toContainText('1.5 MB')
    await layers.getByText('layer 2').click()
    await expect(page.getByText('Diff ID')).toBeVisible()
  })
  await docker('rm', '-f', 'first')
  await docker('rmi', reference)
})
