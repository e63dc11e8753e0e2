import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { busyboxImage, imageTar } from '../../testing/engine/images'
import { projectLabels, runSleeper, stateOf } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

test('the palette reaches pages, objects and actions', async ({ win, docker }) => {
  await runSleeper(docker, 'palette-made')
  await expect(win.list('Containers').row('palette-made')).toBeVisible()
  const { keyboard } = win.page
  const input = win.page.getByPlaceholder('Go to, find or do…')
  // What Enter takes: it follows what was typed a moment later.
  const chosen = win.page.getByRole('option', { selected: true })
  await keyboard.press('Control+k')
  await input.fill('volumes')
  await expect(chosen).toContainText('Volumes')
  await keyboard.press('Enter')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Volumes' })).toBeVisible()
  await keyboard.press('Control+k')
  await input.fill('palette-made')
  await expect(chosen).toContainText('palette-made')
  await keyboard.press('Enter')
  await win.page.getByRole('option').filter({ hasText: /^Stop/ }).first().click()
  await expect.poll(() => stateOf(docker, 'palette-made')).toBe('exited')
  await keyboard.press('Control+k')
  await input.fill('no such thing anywhere')
  await expect(win.page.getByText('Nothing found')).toBeVisible()
  await keyboard.press('Escape')
  await expect(input).toHaveCount(0)
})

test('the palette does what the menus of objects do, without leaving the page', async ({
  win,
  docker,
  ownFolder,
}) => {
  const { page, dialog } = win
  const does = async (words: string, line: string): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Go to, find or do…').fill(words)
    await expect(page.getByRole('option', { selected: true })).toContainText(line)
    await page.keyboard.press('Enter')
  }
  await runSleeper(docker, 'shop-web-1', ...projectLabels('shop', 'web'))
  await runSleeper(docker, 'shop-db-1', ...projectLabels('shop', 'db'))
  await docker('network', 'create', 'backend')
  await win.goTo('Activity')

  await does('rename shop-web', 'Rename shop-web-1…')
  await dialog.getByLabel('New name').fill('front')
  await page.keyboard.press('Enter')
  await expect.poll(() => stateOf(docker, 'front')).toBe('running')

  await does('connect backend', 'backend: Connect…')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  const joined = '{{range .Containers}}{{.Name}}{{end}}'
  await expect.poll(() => docker('network', 'inspect', '-f', joined, 'backend')).not.toBe('')

  await does('stop shop', 'Stop shop')
  for (const name of ['front', 'shop-db-1']) await expect.poll(() => stateOf(docker, name)).toBe('exited')

  await does(`tag ${busyboxImage}`, `${busyboxImage}`)
  await dialog.getByRole('textbox').fill('acme/tools:2')
  await page.keyboard.press('Enter')
  await expect.poll(() => docker('images', '-q', 'acme/tools:2')).not.toBe('')

  const tar = join(await ownFolder('palette'), 'small.tar')
  await writeFile(tar, imageTar({ reference: 'acme/small:1', layers: [] }))
  const choosing = page.waitForEvent('filechooser')
  await does('docker load', 'Load an image from a file…')
  await (await choosing).setFiles(tar)
  await expect.poll(() => docker('images', '-q', 'acme/small:1')).not.toBe('')
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
  await does('clear ended', 'Clear ended tasks')
  await expect(page.getByText('Nothing was done yet')).toBeVisible()
})

test('a container is found, stopped, renamed and removed without a pointer', async ({ win, docker }) => {
  await runSleeper(docker, 'by-keys')
  const list = win.list('Containers')
  const { keyboard } = win.page
  await expect(list.row('by-keys')).toContainText('Running')
  await keyboard.press('/')
  await keyboard.type('by-k')
  await expect(list.rows).toHaveCount(1)
  await list.grid.focus()
  await keyboard.press('ArrowDown')
  await expect(list.row('by-keys')).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('s')
  await expect(list.row('by-keys')).toContainText('Exited')
  await keyboard.press('F2')
  await expect(win.dialog.getByLabel('New name')).toBeFocused()
  await keyboard.press('Control+a')
  await keyboard.type('by-keys-only')
  await keyboard.press('Enter')
  await expect(list.row('by-keys-only')).toBeVisible()
  await expect(list.grid).toBeFocused()
  await keyboard.press('Delete')
  await win.dialogHasFocus()
  await win.dialog.getByRole('button', { name: 'Remove', exact: true }).focus()
  await keyboard.press('Enter')
  await expect(list.row('by-keys-only')).toHaveCount(0)
  await keyboard.press('Escape')
})

test('Alt with a digit goes to each page, and ? lists the shortcuts', async ({ win }) => {
  const pages = ['Containers', 'Images', 'Volumes', 'Networks', 'Machines', 'Activity', 'Settings']
  for (const [n, name] of [...pages.entries()].reverse()) {
    await win.page.keyboard.press(`Alt+Digit${n + 1}`)
    await expect(win.page.getByRole('heading', { level: 1 })).toHaveText(name)
  }
  await win.page.keyboard.press('?')
  await expect(win.dialog).toContainText('Keyboard shortcuts')
  await win.page.keyboard.press('Escape')
  await expect(win.dialog).toHaveCount(0)
})

/** What is typed, the line that it chooses, and the page that this leads to. */
const reached = [
  ['images', 'Images', 'Images'],
  ['volum', 'Volumes', 'Volumes'],
  ['networks', 'Networks', 'Networks'],
  ['machines', 'Machines', 'Machines'],
  ['activity', 'Activity', 'Activity'],
  ['settings', 'Settings', 'Settings'],
  ['engine', 'Engine', 'Engines'],
  ['diagnos', 'Diagnostics', 'Diagnostics'],
  ['run a', 'Run a container…', 'Run a container'],
  ['disk us', 'Disk usage', /^Disk of /],
  ['containers', 'Containers', 'Containers'],
] as const

test('the palette reaches every page, also out of a field that is typed in', async ({ win }) => {
  const { page } = win
  const input = page.getByPlaceholder('Go to, find or do…')
  const heading = page.getByRole('heading', { level: 1 })
  for (const [typed, line, title] of reached) {
    await page.keyboard.press('Control+k')
    await expect(input).toBeFocused()
    await page.keyboard.type(typed)
    await expect(page.getByRole('option', { selected: true })).toContainText(line)
    await page.keyboard.press('Enter')
    await expect(heading).toHaveText(title)
    await expect(input).toHaveCount(0)
  }
  // Without a word, by the arrows.
  await page.keyboard.press('/')
  await expect(page.locator('input:focus')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { selected: true })).toContainText('Containers')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option', { selected: true })).toContainText('Images')
  await page.keyboard.press('Enter')
  await expect(heading).toHaveText('Images')
  await page.keyboard.press('Control+k')
  await expect(input).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(input).toHaveCount(0)
})
