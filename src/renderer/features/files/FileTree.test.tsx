import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { FakeClient, type FakeStream } from '../../../../testing/window/fake-client'
import { localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { FileEntry, FileList } from '../../../shared/model/file-entry'
import { takeClient } from '../../api'
import { setUi } from '../../store/ui'
import { toastStore } from '../../store/toasts'
import { FilesView } from './FilesView'

const entry = (name: string, change: Partial<FileEntry> = {}): FileEntry => ({
  name,
  kind: 'file',
  sizeBytes: 5,
  mode: 0o644,
  uid: 33,
  gid: 4,
  mtimeMs: 1_700_000_000_000,
  ...change,
})
const folder = (name: string): FileEntry => entry(name, { kind: 'folder', sizeBytes: 0 })
const listOf = (path: string, ...entries: FileEntry[]): FileList => ({
  road: 'agent',
  path,
  entries,
  removed: [],
})

const folders = new Map<string, FileList>()
/** Paths that can be neither renamed nor removed. */
const held = new Set<string>()
const refuseHeld = (path: string): void => {
  if (held.has(path)) throw new AppError('request.invalid', 'no', { facts: { reason: 'across-mounts' } })
}
let core: FakeClient
let user: ReturnType<typeof userEvent.setup>
let at = ''

beforeEach(() => {
  folders.clear()
  held.clear()
  folders.set('/', listOf('/', folder('srv'), entry('big', { sizeBytes: 900 }), entry('small')))
  folders.set(
    '/srv',
    listOf('/srv', entry('huge', { sizeBytes: 5000 }), folder('site'), entry('tiny', { sizeBytes: 1 })),
  )
  folders.set('/srv/site', listOf('/srv/site', entry('index', { change: 'added' })))
  core = new FakeClient({
    'files.list': ({ path }) => {
      const list = folders.get(path)
      if (!list) throw new AppError('object.not-found', 'none', { facts: { path } })
      return list
    },
    'files.rename': ({ path }) => {
      refuseHeld(path)
      return { road: 'agent' }
    },
    'files.remove': ({ path }) => {
      refuseHeld(path)
      return { road: 'agent', removed: 3 }
    },
    'files.removalPlan': () => ({
      road: 'agent',
      files: 2,
      folders: 1,
      sizeBytes: 9,
      isCut: false,
      mounts: [],
    }),
    'settings.setUi': () => null,
  })
  takeClient(core.client)
  user = userEvent.setup()
  at = '/c/files'
  render(<App />)
})
afterEach(() => {
  cleanup()
  setUi('files.open', [])
  setUi('files.table', {})
  toastStore.setState({ toasts: [] })
})

function App() {
  return (
    <Router hook={useAddress} searchHook={() => at.split('?')[1] ?? ''}>
      <FilesView kind="container" engine={localEngine} id="c" base="/c/files" />
    </Router>
  )
}
const useAddress = (): [string, (to: string) => void] => [at, (to) => (at = to)]

const row = (name: string): Promise<HTMLElement> =>
  screen.findByRole('row', { name: new RegExp(`${name}\\b`) })
const names = (): string[] =>
  [...document.querySelectorAll('.files__name > bdi')].map((name) => name.textContent)
const listed = (): unknown[] => core.asked('files.list').map((args) => (args as { path: string }).path)

/** By the keyboard, as the lines come: `/srv`, then what is in it. */
async function openAll(): Promise<void> {
  await user.click(await row('srv'))
  await user.keyboard('{ArrowRight}')
  await user.click(await row('site'))
  await user.keyboard('{ArrowRight}')
  await row('index')
}

test('a folder opens in its place, and is read when it does', async () => {
  await user.click(await row('srv'))
  expect(listed()).toEqual(['/'])
  await user.keyboard('{ArrowRight}')
  const site = await row('site')
  expect(listed()).toEqual(['/', '/srv'])
  expect(names()).toEqual(['srv', 'site', 'huge', 'tiny', 'big', 'small'])
  expect(site.getAttribute('aria-level')).toBe('2')
  expect((await row('srv')).getAttribute('aria-expanded')).toBe('true')
  await user.keyboard('{ArrowRight}')
  expect(site.getAttribute('aria-selected')).toBe('true')
  await user.keyboard('{ArrowLeft}{ArrowLeft}')
  expect(names()).toEqual(['srv', 'big', 'small'])
})

test('the pointer folds at the arrow, and nothing else is done', async () => {
  const arrow = (await row('srv')).querySelector('.data-table__twisty') as HTMLElement
  await user.click(arrow)
  await row('site')
  await user.click((await row('srv')).querySelector('.data-table__twisty') as HTMLElement)
  await waitFor(() => expect(names()).toEqual(['srv', 'big', 'small']))
  expect(at).toBe('/c/files')
})

test('a folder that cannot be read says so in its line, and is asked again', async () => {
  folders.delete('/srv')
  await user.click(await row('srv'))
  await user.keyboard('{ArrowRight}')
  expect((await screen.findByRole('alert')).textContent).toBe(
    'The folder could not be read. It is not there any more.',
  )
  folders.set('/srv', listOf('/srv'))
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('An empty folder')).toBeTruthy()
})

test('sorting by size stays within each folder', async () => {
  await openAll()
  await user.click(screen.getByRole('button', { name: 'Size' }))
  await waitFor(() => expect(names()).toEqual(['big', 'small', 'srv', 'huge', 'tiny', 'site', 'index']))
})

test('the filter keeps the open folders of what it finds', async () => {
  await openAll()
  await user.type(screen.getByRole('searchbox'), 'ind')
  await waitFor(() => expect(names()).toEqual(['srv', 'site', 'index']))
})

test('the same folders are open after a reload, and a file of them keeps the tree', async () => {
  await openAll()
  await user.click(await row('index'))
  await user.keyboard('{Enter}')
  expect(at).toBe('/c/files?dir=%2F&file=%2Fsrv%2Fsite%2Findex')
  const told = {
    key: 'files.open',
    value: [{ place: `container ${localEngine} c`, folders: ['/srv', '/srv/site'] }],
  }
  await waitFor(() => expect(core.asked('settings.setUi')).toContainEqual(expect.objectContaining(told)))
  cleanup()
  render(<App />)
  await row('index')
  expect(names()).toEqual(['srv', 'site', 'index', 'huge', 'tiny', 'big', 'small'])
})

test('Enter on a folder makes it the top', async () => {
  await openAll()
  await user.click(await row('site'))
  await user.keyboard('{Enter}')
  expect(at).toBe('/c/files?dir=%2Fsrv%2Fsite')
})

test('a name is changed where it lies, and must be free there', async () => {
  await openAll()
  await user.click(await row('tiny'))
  await user.keyboard('{F2}')
  const field = await screen.findByRole('textbox', { name: 'New name' })
  await user.clear(field)
  await user.type(field, 'huge')
  expect(await screen.findByText('This name is taken')).toBeTruthy()
  await user.clear(field)
  await user.type(field, 'big{Enter}')
  await waitFor(() =>
    expect(core.asked('files.rename')).toMatchObject([{ path: '/srv/tiny', to: '/srv/big' }]),
  )
})

test('a name that is refused stays in its field, with the reason', async () => {
  held.add('/srv/tiny')
  await openAll()
  await user.click(await row('tiny'))
  await user.keyboard('{F2}')
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'New name' })
  await user.clear(field)
  await user.type(field, 'other{Enter}')
  const told = await screen.findByRole('alert')
  expect(told.textContent).toContain('tiny could not be renamed')
  expect(told.textContent).toContain('It cannot be moved to another mount')
  expect(field.value).toBe('other')
  held.clear()
  await user.type(field, '{Enter}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(core.asked('files.rename')).toHaveLength(2)
  expect(toastStore.getState().toasts).toEqual([])
})

/** `big` and `small`, to `/srv`. */
async function moveBoth(): Promise<void> {
  await user.click(await row('big'))
  await user.keyboard('{Shift>}{ArrowDown}{/Shift}')
  fireEvent.contextMenu(await row('big'))
  await user.click(await screen.findByRole('menuitem', { name: 'Move to…' }))
  const field = await screen.findByRole('textbox', { name: 'To which folder' })
  await user.clear(field)
  await user.type(field, '/srv{Enter}')
}

test('of several that move, those that cannot are told beside those that did', async () => {
  held.add('/small')
  await openAll()
  await moveBoth()
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(core.asked('files.rename')).toMatchObject([{ to: '/srv/big' }, { to: '/srv/small' }])
  expect(toastStore.getState().toasts).toMatchObject([{ tone: 'bad', title: 'small could not be moved' }])
})

test('where none of several can move, each is told where it is mended', async () => {
  for (const path of ['/big', '/small']) held.add(path)
  await moveBoth()
  const told = (await screen.findByRole('alert')).textContent
  for (const name of ['big', 'small']) expect(told).toContain(`${name} could not be moved`)
  expect(toastStore.getState().toasts).toEqual([])
})

test('a removal that is refused is told for each', async () => {
  for (const path of ['/big', '/small']) held.add(path)
  await user.click(await row('big'))
  await user.keyboard('{Shift>}{ArrowDown}{/Shift}{Delete}')
  const dialog = await screen.findByRole('dialog')
  await user.click(await within(dialog).findByRole('button', { name: 'Delete' }))
  await waitFor(() => expect(toastStore.getState().toasts).toHaveLength(2))
  expect(toastStore.getState().toasts.map(({ title }) => title)).toEqual([
    'big could not be deleted',
    'small could not be deleted',
  ])
})

test('what lies in a folder that goes is not removed on its own', async () => {
  await openAll()
  await user.click(await row('srv'))
  await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}{Delete}')
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('Delete “srv”?')
  expect(await within(dialog).findByText('2 files and 1 folder, 9 B in all.')).toBeTruthy()
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }))
  await waitFor(() => expect(core.asked('files.remove')).toMatchObject([{ path: '/srv' }]))
})

const uploads = (): FakeStream[] => core.streams.filter(({ name }) => name === 'files.upload')

test('a drop goes into the folder under the pointer, which opens; names taken there are asked about', async () => {
  const drop = async (name: string, file: string): Promise<void> => {
    const given = new File(['new'], file)
    const items = [{ webkitGetAsEntry: () => null, getAsFile: () => given }]
    const dataTransfer = { types: ['Files'], files: [given], items }
    const line = await row(name)
    fireEvent.dragEnter(line, { dataTransfer })
    expect(await screen.findByText('Drop to upload into /srv')).toBeTruthy()
    fireEvent.drop(line, { dataTransfer })
  }
  await drop('srv', 'huge')
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('“huge” exists in /srv')
  await user.click(within(dialog).getByRole('button', { name: 'Cancel the upload' }))
  await drop('srv', 'new.txt')
  await waitFor(() => expect(uploads().map(({ args }) => args)).toMatchObject([{ path: '/srv' }]))
  const [upload] = uploads()
  await waitFor(() => expect(upload?.sent.at(-1)).toEqual({ kind: 'end' }))
  act(() =>
    upload?.put({ kind: 'done', road: 'agent', files: 1, sizeBytes: 3, skipped: [], skippedCount: 0 }),
  )
  expect(await row('tiny')).toBeTruthy()
})

test('owners have the names that the container gives them; their numbers are in the tooltip', async () => {
  await row('big')
  expect(screen.getAllByTitle('33:4')[0]?.textContent).toBe('33:4')
  const file = (path: string): FakeStream =>
    core.streams.find(({ args }) => (args as { path: string }).path === path) as FakeStream
  act(() => {
    file('/etc/passwd').put(new TextEncoder().encode('root:x:0:0::/:/bin/sh\nwww:x:33:33::/:/bin/sh\n'))
    file('/etc/passwd').end()
    file('/etc/group').end()
  })
  const [owner] = await screen.findAllByTitle('www:4 (33:4)')
  expect(owner?.textContent).toBe('www:4')
})
