import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Locator } from '@playwright/test'
import { runSleeper } from '../fixtures/containers'
import type { Docker } from '../fixtures/docker'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

/** Without the agent, and with it as a child of core: specs run as root beside the engine. */
const roads = [
  { road: 'the Engine API', words: 'Read through the Engine API', agent: 'off' },
  { road: 'the agent', words: 'Read by the agent', agent: '' },
] as const

const prepare =
  'mkdir -p /srv/site/deep && printf "hello\\n" > /srv/site/index.html && ln -s site /srv/link && ' +
  'printf "\\0\\1\\2binary" > /srv/blob.bin && printf "one" > /srv/site/deep/one.txt && mkfifo /srv/pipe'

async function prepared(docker: Docker, name: string, ...flags: string[]): Promise<string> {
  const id = await runSleeper(docker, name, ...flags)
  await docker('exec', name, 'sh', '-c', prepare)
  return id
}

const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')
const contentOf = (docker: Docker, path: string): Promise<string> => docker('exec', 'box', 'cat', path)

async function openFiles(win: AppWindow, name: string): Promise<void> {
  await win.isReady()
  await win.list('Containers').openRow(name)
  await win.page.getByRole('tab', { name: 'Files' }).click()
}

const foot = (win: AppWindow): Locator =>
  win.page.getByRole('contentinfo').or(win.page.locator('.files__foot'))
const editor = (win: AppWindow, name: string): Locator =>
  win.page.getByRole('textbox', { name: `Text of ${name}` })

/** At its beginning: a click may land behind the text. */
async function typeInto(win: AppWindow, name: string, text: string): Promise<void> {
  await editor(win, name).click()
  await win.page.keyboard.press('Control+Home')
  await win.page.keyboard.type(text)
}

async function goInto(win: AppWindow, ...folders: string[]): Promise<void> {
  let path = ''
  for (const name of folders) {
    await win.list(`Files in ${path || '/'}`).openRow(name)
    path += `/${name}`
    await expect(win.list(`Files in ${path}`).rows.first()).toBeVisible()
  }
}

for (const { road, words, agent } of roads) {
  test(`a file is found, edited and saved, and the address brings it back, through ${road}`, async ({
    ownApp,
    openWindow,
    docker,
  }) => {
    test.setTimeout(120_000)
    await prepared(docker, 'box')
    const win = await openWindow(await ownApp({ env: { SLIPWAY_AGENT: agent } }))
    await openFiles(win, 'box')
    await expect(foot(win)).toContainText(words, { timeout: 30_000 })
    await expect(win.list('Files in /').row('srv')).toContainText('Added')
    await goInto(win, 'srv', 'site')
    await expect(win.list('Files in /srv/site').row('index.html')).toContainText('Added')
    await win.list('Files in /srv/site').openRow('index.html')
    await expect(editor(win, 'index.html')).toHaveText('hello')
    await editor(win, 'index.html').click()
    await win.page.keyboard.press('Control+End')
    await win.page.keyboard.type('world')
    await win.page.keyboard.press('Control+s')
    await expect(win.button('Saved')).toBeVisible()
    expect(await contentOf(docker, '/srv/site/index.html')).toBe('hello\nworld')
    await win.reload()
    await expect(editor(win, 'index.html')).toContainText('world')
    await win.button('Close the file').click()
    await expect(editor(win, 'index.html')).toHaveCount(0)
    await expect(win.list('Files in /srv/site').row('deep')).toBeVisible()
  })

  test(`whoever wrote first is not overwritten unasked, through ${road}`, async ({
    ownApp,
    openWindow,
    docker,
  }) => {
    test.setTimeout(120_000)
    await prepared(docker, 'box')
    const win = await openWindow(await ownApp({ env: { SLIPWAY_AGENT: agent } }))
    await openFiles(win, 'box')
    await expect(foot(win)).toContainText(words, { timeout: 30_000 })
    await goInto(win, 'srv', 'site')
    await win.list('Files in /srv/site').openRow('index.html')
    await typeInto(win, 'index.html', 'mine ')
    await docker('exec', 'box', 'sh', '-c', 'printf "theirs, longer" > /srv/site/index.html')
    await win.page.keyboard.press('Control+s')
    await expect(win.dialog).toContainText('was changed meanwhile')
    await win.dialog.getByRole('button', { name: 'Save mine as “index.html.mine”' }).click()
    await expect(editor(win, 'index.html')).toHaveText('theirs, longer')
    expect(await contentOf(docker, '/srv/site/index.html')).toBe('theirs, longer')
    expect(await contentOf(docker, '/srv/site/index.html.mine')).toBe('mine hello')
    await typeInto(win, 'index.html', 'again ')
    await win.button('Close the file').click()
    await win.dialog.getByRole('button', { name: 'Discard' }).click()
    await expect(editor(win, 'index.html')).toHaveCount(0)
    expect(await contentOf(docker, '/srv/site/index.html')).toBe('theirs, longer')
  })

  test(`files are made, renamed, uploaded, downloaded and deleted, through ${road}`, async ({
    ownApp,
    openWindow,
    docker,
  }) => {
    test.setTimeout(180_000)
    await prepared(docker, 'box')
    const win = await openWindow(await ownApp({ env: { SLIPWAY_AGENT: agent } }))
    await openFiles(win, 'box')
    await expect(foot(win)).toContainText(words, { timeout: 30_000 })
    await goInto(win, 'srv')
    const list = win.list('Files in /srv')
    await win.button('New').click()
    await win.choose('New folder…')
    await win.field('Name').fill('made here')
    await win.confirm('Create')
    await expect(list.row('made here')).toBeVisible()
    await list.row('made here').click({ position: { x: 60, y: 12 } })
    await win.page.keyboard.press('F2')
    await win.field('New name').fill('renamed')
    await win.field('New name').press('Enter')
    await expect(list.row('renamed')).toBeVisible()
    await expect(list.row('made here')).toHaveCount(0)

    // Large enough for a request of its own, between two that are not.
    const large = randomBytes(3_000_001)
    await win.page.locator('[data-upload=files]').setInputFiles([
      { name: 'up.txt', mimeType: 'text/plain', buffer: Buffer.from('from here') },
      { name: 'large.bin', mimeType: 'application/octet-stream', buffer: large },
      { name: '한글.txt', mimeType: 'text/plain', buffer: Buffer.from('글') },
    ])
    await expect(win.toasts).toContainText('Uploaded 3 files to /srv')
    expect(await docker('exec', 'box', 'md5sum', '/srv/large.bin')).toContain(md5Of(large))
    await expect(list.row('한글.txt')).toBeVisible()
    expect(await contentOf(docker, '/srv/up.txt')).toBe('from here')
    await win.page
      .locator('[data-upload=files]')
      .setInputFiles([{ name: 'up.txt', mimeType: 'text/plain', buffer: Buffer.from('other') }])
    await expect(win.dialog).toContainText('“up.txt” exists in /srv')
    await win.dialog.getByRole('button', { name: 'Replace' }).click()
    await expect.poll(() => contentOf(docker, '/srv/up.txt')).toBe('other')

    const saved = win.page.waitForEvent('download')
    await list.choose('site', 'Download as tar')
    const file = await saved
    expect(file.suggestedFilename()).toBe('site.tar')
    expect(await readFile(await file.path(), 'latin1')).toContain('site/deep/one.txt')

    await list.mark('up.txt', 'site')
    await win.page.keyboard.press('Delete')
    await expect(win.dialog).toContainText('3 files and 2 folders')
    await expect(win.dialog).toContainText('There is no undo')
    await win.confirm('Delete')
    await expect(list.row('site')).toHaveCount(0)
    await expect(list.row('up.txt')).toHaveCount(0)
    expect(await docker('exec', 'box', 'ls', '/srv')).not.toContain('site')
  })

  test(`a stopped container and a volume have their files, through ${road}`, async ({
    ownApp,
    openWindow,
    docker,
  }) => {
    test.setTimeout(180_000)
    await prepared(docker, 'box', '-v', 'goods:/goods')
    await docker('exec', 'box', 'sh', '-c', 'echo in volume > /goods/note.txt')
    await docker('stop', '-t', '0', 'box')
    const win = await openWindow(await ownApp({ env: { SLIPWAY_AGENT: agent } }))
    await openFiles(win, 'box')
    await expect(win.list('Files in /').row('goods')).toContainText('volume', { timeout: 30_000 })
    await goInto(win, 'srv')
    const list = win.list('Files in /srv')
    await list.openRow('blob.bin')
    await expect(win.page.getByRole('textbox', { name: 'Bytes of blob.bin' })).toContainText('00 01 02 62')
    await list.openRow('pipe')
    await expect(win.page.getByRole('region', { name: 'File pipe' })).toContainText(
      'Special files are never opened',
    )
    await win.field('Filter by name').fill('one')
    await win.page.keyboard.press('Enter')
    const found = win.page.getByRole('region', { name: /Names with “one” in \/srv/ })
    await expect(found).toContainText('site/deep/one.txt')

    await win.goTo('Volumes')
    await win.list('Volumes').openRow('goods')
    await win.page.getByRole('tab', { name: 'Files' }).click()
    await win.list('Files in /').openRow('note.txt')
    await typeInto(win, 'note.txt', 'changed ')
    await win.page.keyboard.press('Control+s')
    await expect(win.button('Saved')).toBeVisible()
    await docker('start', 'box')
    expect(await contentOf(docker, '/goods/note.txt')).toBe('changed in volume')
  })
}

test('folders open in their place, take what is dropped on them, and are open after a reload', async ({
  win,
  docker,
}) => {
  await prepared(docker, 'box')
  await docker('exec', 'box', 'sh', '-c', 'echo "keeper:x:1234:" > /etc/group && chgrp 1234 /srv/site')
  await openFiles(win, 'box')
  const list = win.list('Files in /')
  await list.row('srv').click({ position: { x: 60, y: 12 } })
  await win.page.keyboard.press('ArrowRight')
  await expect(list.row('site')).toHaveAttribute('aria-level', '2')
  await expect(list.row('site')).toContainText(':keeper')
  await list.row('site').locator('.data-table__twisty').click()
  await expect(list.row('index.html')).toHaveAttribute('aria-level', '3')

  const transfer = await win.page.evaluateHandle(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File(['deep down'], 'drop.txt'))
    return dropped
  })
  await list.row('deep').dispatchEvent('dragenter', { dataTransfer: transfer })
  await expect(win.page.getByText('Drop to upload into /srv/site/deep')).toBeVisible()
  await list.row('deep').dispatchEvent('drop', { dataTransfer: transfer })
  await expect(list.row('drop.txt')).toHaveAttribute('aria-level', '4')
  expect(await contentOf(docker, '/srv/site/deep/drop.txt')).toBe('deep down')

  await win.reload()
  await expect(list.row('drop.txt')).toBeVisible()
  await list.row('drop.txt').getByText('drop.txt', { exact: true }).dblclick()
  await expect(editor(win, 'drop.txt')).toHaveText('deep down')
  await expect(list.row('srv')).toHaveAttribute('aria-expanded', 'true')
})

test('a read-only mount is told in words and offers no change', async ({ win, docker }) => {
  await runSleeper(docker, 'box', '-v', 'goods:/goods:ro')
  await openFiles(win, 'box')
  await win.list('Files in /').openRow('goods')
  await expect(win.page.getByText('Nothing can be changed here: this place is read-only.')).toBeVisible()
  await expect(win.button('New')).toBeDisabled()
  await expect(win.button('Upload')).toBeDisabled()
})

test('what is dropped goes up, and unsaved changes outlive another page', async ({ win, docker }) => {
  await prepared(docker, 'box')
  await openFiles(win, 'box')
  await goInto(win, 'srv', 'site')
  const transfer = await win.page.evaluateHandle(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File(['dropped'], 'drop.txt'))
    return dropped
  })
  const zone = win.page.locator('.files__drop-zone')
  await zone.dispatchEvent('dragenter', { dataTransfer: transfer })
  await expect(win.page.getByText('Drop to upload into /srv/site')).toBeVisible()
  await zone.dispatchEvent('drop', { dataTransfer: transfer })
  await expect(win.list('Files in /srv/site').row('drop.txt')).toBeVisible()
  expect(await contentOf(docker, '/srv/site/drop.txt')).toBe('dropped')

  await win.list('Files in /srv/site').openRow('index.html')
  await typeInto(win, 'index.html', 'unsaved ')
  await win.nav.getByRole('link', { name: 'Images' }).click()
  const kept = win.toasts.getByRole('status').filter({ hasText: 'Unsaved changes to index.html are kept' })
  // It stays while the pointer rests on it.
  await kept.hover()
  await expect(win.page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible()
  await kept.getByRole('button', { name: 'Go back to it' }).click()
  await expect(editor(win, 'index.html')).toContainText('unsaved hello')
  const asked = new Promise<string>((tell) =>
    win.page.once('dialog', (dialog) => {
      tell(dialog.type())
      void dialog.dismiss()
    }),
  )
  await win.page.evaluate(() => window.location.reload())
  expect(await asked).toBe('beforeunload')
  await expect(editor(win, 'index.html')).toContainText('unsaved hello')
})
