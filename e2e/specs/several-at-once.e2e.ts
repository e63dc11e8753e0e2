import type { Locator } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { loadImage } from '../../testing/engine/images'
import { startFaultProxy } from '../../testing/fault-proxy/fault-proxy'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import type { List } from '../pages/list'

const click = (list: List, row: string, ...modifiers: ('Shift' | 'Control')[]): Promise<void> =>
  list.row(row).click({ position: { x: 60, y: 12 }, modifiers })

const chosen = (win: AppWindow, count: number): Locator =>
  win.page.getByRole('group', { name: `${count} selected`, exact: true })

const removeChosen = (win: AppWindow, count: number, removable = count): Promise<void> =>
  chosen(win, count)
    .getByRole('button', { name: `Remove ${removable}` })
    .click()

const going = (win: AppWindow): Locator => win.dialog.getByRole('listitem')

async function press(win: AppWindow, ...keys: string[]): Promise<void> {
  for (const key of keys) await win.page.keyboard.press(key)
}

test('several images are chosen with the mouse and with keys, saved as one file and removed; a used one stays', async ({
  win,
  docker,
  lab,
}) => {
  const images = ['a', 'b', 'c', 'd'].map((name) => `many/${name}:1`)
  const [a, b, c, d] = images as [string, string, string, string]
  for (const reference of images) {
    const layers = [[{ name: 'hello', data: reference }]]
    await loadImage(lab.socket, { reference, layers, config: { Cmd: ['/hello'] } })
  }
  await docker('create', '--name', 'holder', b)
  await win.goTo('Images')
  const list = win.list('Images')
  await list.grid.getByRole('columnheader', { name: 'Tag' }).click()
  await expect(list.rows.first()).toContainText(a)
  await expect(list.row(b)).toContainText('holder')
  await click(list, a)
  await click(list, c, 'Shift')
  await expect(chosen(win, 3)).toBeVisible()
  await click(list, b, 'Control')
  await expect(chosen(win, 2)).toBeVisible()
  const saving = win.page.waitForEvent('download')
  await list.choose(a, 'Save to file')
  const saved = await saving
  expect(saved.suggestedFilename()).toBe('images-2.tar')
  const tar = (await readFile(await saved.path())).toString('latin1')
  expect(images.filter((reference) => tar.includes(`"${reference}"`))).toEqual([a, c])
  await click(list, b, 'Control')
  await removeChosen(win, 3)
  await expect(going(win)).toHaveText([a, c, `${b}Used by holder`])
  await win.confirm('Remove 2')
  for (const reference of [a, c]) await expect(list.row(reference)).toHaveCount(0)
  await docker('rm', 'holder')
  await expect(list.row(b)).toContainText('Unused')
  await expect(list.row(d)).toBeVisible()
  await list.grid.focus()
  await press(win, 'Home', 'Shift+ArrowDown', 'Delete')
  await expect(going(win)).toHaveText([b, d])
  await win.confirm('Remove 2')
  for (const reference of [b, d]) await expect(list.row(reference)).toHaveCount(0)
  expect(await docker('images', '-q', 'many/*')).toBe('')
})

/** Three of four, one left out between them. */
async function removeVolumes(win: AppWindow): Promise<void> {
  await win.goTo('Volumes')
  const list = win.list('Volumes')
  await expect(list.rows).toHaveCount(4)
  await list.grid.focus()
  await press(win, 'Home', 'Control+ArrowDown', 'Control+ArrowDown', 'Space', 'Control+ArrowDown', 'Space')
  await expect(chosen(win, 3)).toBeVisible()
  await press(win, 'Delete')
  await expect(going(win)).toHaveText(['data-1', 'data-3', 'data-4'])
  await win.confirm('Remove 3')
  await expect(win.toasts.getByRole('alert')).toContainText('data-3')
  await expect(list.rows).toHaveCount(2)
}

/** All by keys, some with the mouse: those of the engine are left out. */
async function removeNetworks(win: AppWindow): Promise<void> {
  await win.goTo('Networks')
  const list = win.list('Networks')
  await expect(list.rows).toHaveCount(6)
  await list.grid.focus()
  await press(win, 'Control+A')
  await expect(chosen(win, 6)).toBeVisible()
  await press(win, 'Delete')
  await expect(going(win)).toHaveText(['lan-1', 'lan-2', 'lan-3'])
  await win.dialog.getByRole('button', { name: 'Cancel' }).click()
  await click(list, 'lan-1')
  await click(list, 'lan-2', 'Shift')
  await click(list, 'host', 'Control')
  // What is chosen and cannot go is not counted.
  await removeChosen(win, 3, 2)
  await expect(going(win)).toHaveText(['lan-1', 'lan-2'])
  await win.confirm('Remove 2')
  await expect(list.row('lan-1')).toHaveCount(0)
  await expect(win.toasts.getByRole('alert').filter({ hasText: 'lan-2' })).toBeVisible()
}

test('several volumes and networks are removed at once; what the engine keeps is told by name, and the others go', async ({
  ownApp,
  openWindow,
  docker,
  lab,
}) => {
  for (const n of [1, 2, 3, 4]) await docker('volume', 'create', `data-${n}`)
  const networks: string[] = []
  for (const n of [1, 2, 3]) networks.push(await docker('network', 'create', `lan-${n}`))
  const refusals: Record<string, string> = {
    '/volumes/data-3': 'remove data-3: volume is in use',
    [`/networks/${networks[1]}`]: 'network lan-2 has active endpoints',
  }
  const proxy = await startFaultProxy(lab.socket, `/tmp/slt-kept-${process.pid}.sock`)
  proxy.plan(({ method, path }) => {
    const message = method === 'DELETE' ? refusals[path.split('?')[0] ?? ''] : undefined
    return message === undefined ? undefined : { answer: { status: 409, body: JSON.stringify({ message }) } }
  })
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    await removeVolumes(win)
    expect(await docker('volume', 'ls', '-q')).toBe('data-2\ndata-3')
    await removeNetworks(win)
    expect(await docker('network', 'ls', '--format', '{{.Name}}', '--filter', 'type=custom')).toBe(
      'lan-2\nlan-3',
    )
  } finally {
    await proxy.close()
  }
})
