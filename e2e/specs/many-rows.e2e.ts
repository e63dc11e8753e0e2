import { EngineApi } from '../fixtures/engine-api'
import { FakeEngine, fakeContainer, fakeEvent } from '../../testing/fake-engine/fake-engine'
import { expect, test } from '../fixtures/test'

test('three hundred real containers: only what is seen is drawn, and the end is a key away', async ({
  win,
  lab,
}) => {
  test.setTimeout(180_000)
  const api = new EngineApi(lab.socket)
  const names = Array.from({ length: 300 }, (_, n) => `many-${String(n).padStart(3, '0')}`)
  await Promise.all(names.map((name) => api.create(name)))
  api.close()
  const list = win.list('Containers')
  await expect(list.grid).toHaveAttribute('aria-rowcount', '301', { timeout: 30_000 })
  expect(await list.rows.count()).toBeLessThan(80)
  await list.grid.focus()
  await win.page.keyboard.press('End')
  await expect(list.row('many-299')).toBeVisible()
  expect(await list.rows.count()).toBeLessThan(80)
  await win.page.getByRole('searchbox', { name: /^Search name/ }).fill('many-15')
  await expect(list.rows).toHaveCount(10)
  await win.page.keyboard.press('Escape')
})

test('a thousand rows stay few in the DOM, and five thousand events while the window is frozen lose none', async ({
  ownApp,
  openWindow,
}) => {
  test.setTimeout(120_000)
  const fake = new FakeEngine(`/tmp/slt-fake-${process.pid}.sock`)
  const rows = Array.from({ length: 1000 }, (_, n) => fakeContainer(n, { Names: [`/row-${n}`] }))
  fake.holdings.containers = rows
  await fake.start()
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${fake.socketPath}` }))
    const list = win.list('Containers')
    await expect(list.grid).toHaveAttribute('aria-rowcount', '1001')
    expect(await list.rows.count()).toBeLessThan(80)
    const frozen = win.page.evaluate(() => {
      const end = performance.now() + 3000
      while (performance.now() < end);
    })
    fake.holdings.containers = rows.map((row) => ({ ...row, State: 'exited', Status: 'Exited (0) now' }))
    for (let n = 0; n < 5000; n++) fake.emit(fakeEvent(String(rows[n % 1000]?.['Id']), 'die'))
    await frozen
    await win.select('State', 'Exited')
    await expect(list.grid).toHaveAttribute('aria-rowcount', '1001', { timeout: 30_000 })
    await win.page.getByRole('searchbox', { name: /^Search name/ }).fill('row-999')
    await expect(list.row('row-999')).toContainText('Exited')
  } finally {
    await fake.stop()
  }
})
