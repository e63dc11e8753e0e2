import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Router } from 'wouter'
import { FakeClient, type FakeStream } from '../../../../testing/window/fake-client'
import { localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { FileEntry, FileList } from '../../../shared/model/file-entry'
import { takeClient } from '../../api'
import { toastStore } from '../../store/toasts'
import { FilesView } from './FilesView'
import { dropDraft, keepDraft } from './open/drafts'

const entry = (name: string, change: Partial<FileEntry> = {}): FileEntry => ({
  name,
  kind: 'file',
  sizeBytes: 5,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeMs: 1_700_000_000_000,
  ...change,
})

const listOf = (path: string, ...entries: FileEntry[]): FileList => ({
  road: 'agent',
  path,
  entries,
  removed: [],
})

const folders: Record<string, FileList> = {}
let core: FakeClient
let user: ReturnType<typeof userEvent.setup>

/** Where the router is: the part of the address that a window has in its fragment. */
let at = ''

function open(search = ''): void {
  at = `/c/files${search}`
  render(<App />)
}

function App() {
  return (
    <Router hook={useAddress} searchHook={useSearchOf}>
      <FilesView kind="container" engine={localEngine} id="c" base="/c/files" />
    </Router>
  )
}

const listeners = new Set<() => void>()
function useAddress(): [string, (to: string) => void] {
  return [
    at,
    (to) => {
      at = to
      cleanup()
      render(<App />)
      for (const tell of listeners) tell()
    },
  ]
}
const useSearchOf = (): string => at.split('?')[1] ?? ''

beforeEach(() => {
  for (const path of Object.keys(folders)) Reflect.deleteProperty(folders, path)
  folders['/'] = listOf('/', entry('srv', { kind: 'folder', change: 'changed' }), entry('readme'))
  core = new FakeClient({
    'files.list': ({ path }) => {
      const list = folders[path]
      if (!list) throw new AppError('object.not-found', 'none', { facts: { path } })
      return list
    },
    'files.removalPlan': () => ({
      road: 'agent',
      files: 3,
      folders: 1,
      sizeBytes: 2000,
      isCut: false,
      mounts: [],
    }),
    'files.remove': () => ({ road: 'agent', removed: 4 }),
    'files.makeFolder': () => ({ road: 'agent' }),
    'files.chmod': () => ({ road: 'agent' }),
    'settings.setUi': () => null,
  })
  takeClient(core.client)
  user = userEvent.setup()
})
afterEach(() => {
  cleanup()
  toastStore.setState({ toasts: [] })
})

const row = (name: string): Promise<HTMLElement> => screen.findByRole('row', { name: new RegExp(name) })

test('folders stand first, with their marks, links and mounts', async () => {
  folders['/'] = {
    ...listOf(
      '/',
      entry('a-file', { change: 'added' }),
      entry('z-folder', { kind: 'folder', mount: { kind: 'volume', source: 'goods', isReadOnly: true } }),
      entry('m-link', { kind: 'link', link: { target: '/z-folder', kind: 'folder' } }),
    ),
    removed: ['gone'],
  }
  open()
  await row('a-file')
  const names = screen.getAllByRole('row').slice(1)
  expect(names.map((line) => line.textContent?.replace(/^Select/, ''))).toEqual([
    expect.stringMatching(/^m-link→ \/z-folder/),
    expect.stringMatching(/^z-foldervolume, read-only/),
    expect.stringMatching(/^a-fileAdded/),
    expect.stringMatching(/^goneRemoved/),
  ])
})

test('the address says which folder; one that is not there says so, with a way up', async () => {
  open('?dir=/nowhere')
  expect(await screen.findByText('The folder could not be read')).toBeTruthy()
  expect(screen.getByText('It is not there any more.')).toBeTruthy()
  await user.click(screen.getAllByRole('button', { name: 'Up one folder' })[0] as HTMLElement)
  expect(await row('srv')).toBeTruthy()
  expect(at).toBe('/c/files')
})

test('the road is told: by the API with a way to the agent', async () => {
  folders['/'] = { ...listOf('/'), road: 'api' }
  open()
  expect(await screen.findByText(/Read through the Engine API/)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Faster with the agent…' }).getAttribute('href')).toBe('#/engine')
})

test('a read-only place says so and offers no change', async () => {
  folders['/'] = { ...listOf('/', entry('readme')), isReadOnly: true }
  open()
  expect(await screen.findByText(/this place is read-only/)).toBeTruthy()
  const [button] = screen.getAllByRole('button', { name: 'New' })
  expect((button as HTMLButtonElement).disabled).toBe(true)
})

test('what a removal takes is counted before it, and nothing goes unasked', async () => {
  open()
  await user.click(await row('srv'))
  await user.keyboard('{Delete}')
  const dialog = await screen.findByRole('dialog')
  expect(await within(dialog).findByText('3 files and 1 folder, 2 kB in all.')).toBeTruthy()
  expect(within(dialog).getByText('There is no undo.')).toBeTruthy()
  expect(core.asked('files.remove')).toEqual([])
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }))
  await waitFor(() => expect(core.asked('files.remove')).toMatchObject([{ path: '/srv' }]))
})

test('a name that is taken cannot be made', async () => {
  open()
  await row('srv')
  await user.click(screen.getByRole('button', { name: 'New' }))
  await user.click(await screen.findByRole('menuitem', { name: 'New folder…' }))
  const field = await screen.findByRole('textbox', { name: 'Name' })
  await user.type(field, 'srv')
  expect(await screen.findByText('This name is taken')).toBeTruthy()
  await user.type(field, '2')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await waitFor(() => expect(core.asked('files.makeFolder')).toMatchObject([{ path: '/srv2' }]))
})

const streamOf = async (
  name: 'files.read' | 'files.write' | 'files.find' | 'files.upload',
): Promise<FakeStream> => {
  const isIt = (one: FakeStream): boolean =>
    one.name === name && !(one.args as { path: string }).path.startsWith('/etc/')
  await waitFor(() => expect(core.streams.some(isIt)).toBe(true))
  return core.streams.findLast(isIt) as FakeStream
}

test('a file of no text is shown as bytes', async () => {
  open('?file=/readme')
  const bytes = await streamOf('files.read')
  act(() =>
    bytes.put(
      { kind: 'head', road: 'agent', entry: entry('readme'), version: '1' },
      new Uint8Array([0, 0x53]),
    ),
  )
  act(() => bytes.end())
  expect(await screen.findByText('No text: its bytes, to look at.')).toBeTruthy()
})

test('a file that was saved is as large as what was saved', async () => {
  const place = { engine: localEngine, root: { kind: 'container', id: 'c' } } as const
  onTestFinished(() => dropDraft(place, '/readme'))
  keepDraft(place, '/readme', { version: '1', read: () => '한글 text' })
  open('?file=/readme')
  const read = await streamOf('files.read')
  act(() =>
    read.put(
      { kind: 'head', road: 'agent', entry: entry('readme', { sizeBytes: 4 }), version: '1' },
      new TextEncoder().encode('text'),
    ),
  )
  act(() => read.end())
  expect(await screen.findByText('4 B')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Save' }))
  const write = await streamOf('files.write')
  act(() => write.put({ version: '2' }))
  expect(await screen.findByText('11 B')).toBeTruthy()
})

test('Ctrl+S in an open file is never the browser’s, on a Korean keyboard neither', async () => {
  open('?file=/readme')
  const bytes = await streamOf('files.read')
  act(() =>
    bytes.put(
      { kind: 'head', road: 'agent', entry: entry('readme'), version: '1' },
      new Uint8Array([0, 0x53]),
    ),
  )
  act(() => bytes.end())
  await screen.findByText('No text: its bytes, to look at.')
  const close = screen.getByRole('button', { name: 'Close the file' })
  expect(fireEvent.keyDown(close, { key: 's', code: 'KeyS', ctrlKey: true })).toBe(false)
  expect(fireEvent.keyDown(close, { key: 'ㄴ', code: 'KeyS', ctrlKey: true })).toBe(false)
})

test('names are found below the folder as they come, and the rest can be stopped', async () => {
  open()
  await row('srv')
  await user.type(screen.getByRole('searchbox'), 'conf{Enter}')
  const found = await streamOf('files.find')
  expect(found.args).toMatchObject({ path: '/', name: 'conf' })
  act(() =>
    found.put({
      road: 'agent',
      found: [{ path: '/etc/a.conf', kind: 'file', sizeBytes: 7 }],
      looked: 1200,
      isDone: false,
    }),
  )
  expect(await screen.findByText('etc/a.conf')).toBeTruthy()
  expect(screen.getByText('Looking… 1,200 names so far')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Stop' }))
  expect(found.isCancelled).toBe(true)
  expect(screen.getByText('1 found, 1,200 names looked at')).toBeTruthy()
})

test('an upload sends folders before files and asks where a name is taken', async () => {
  open()
  await row('readme')
  const field = document.querySelector<HTMLInputElement>('[data-upload=files]')
  await user.upload(field as HTMLInputElement, [new File(['new'], 'readme')])
  const dialog = await screen.findByRole('dialog')
  expect(dialog.textContent).toContain('“readme” exists in /')
  expect(core.streams.filter(({ name }) => name === 'files.upload')).toEqual([])
  await user.click(within(dialog).getByRole('button', { name: 'Keep both' }))
  const upload = await streamOf('files.upload')
  expect(upload.args).toMatchObject({ path: '/', conflict: 'keep-both', totalBytes: 3 })
  await waitFor(() => expect(upload.sent).toHaveLength(3))
  expect(upload.sent[0]).toEqual({ kind: 'file', path: 'readme', sizeBytes: 3 })
  expect(upload.sent[2]).toEqual({ kind: 'end' })
})
