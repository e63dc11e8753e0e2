import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { localEngine } from '../../../../testing/window/rows'
import type { LayerEntry, LayerSummary } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { LayersExplorer } from './LayersExplorer'

const imageRef = { engine: localEngine, id: 'sha256:1' }
const summary: LayerSummary = {
  id: 'sha256:1' as never,
  layers: [
    {
      index: 0,
      diffId: 'sha256:a',
      sizeBytes: 13_000,
      command: 'COPY . /',
      createdAtMs: 1,
      added: 2,
      changed: 0,
      removed: 0,
      wastedBytes: 3000,
    },
  ],
  totalBytes: 13_000,
  wastedBytes: 3000,
  efficiency: 0.77,
  entries: 2,
  road: 'save',
  refused: 0,
}
const entry = (path: string, given: Partial<LayerEntry>): LayerEntry => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  isEscaped: false,
  kind: 'file',
  change: 'added',
  sizeBytes: 10,
  ownBytes: 10,
  belowBytes: 10,
  removedBytes: 0,
  belowCount: 0,
  childCount: 0,
  hasChangesBelow: false,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeMs: 1,
  xattrs: [],
  isOpaque: false,
  layer: 0,
  isCut: false,
  ...given,
})

let core: FakeClient
const user = userEvent.setup()

beforeEach(async () => {
  window.location.hash = ''
  window.history.replaceState(null, '', '/')
  await setLanguage('en')
  core = new FakeClient({
    'images.history': () => ({ layers: [] }),
    'layers.children': ({ path }) => ({
      entries: path === '/' ? [entry('/etc', { kind: 'folder', childCount: 1 })] : [entry('/etc/conf', {})],
      total: 1,
    }),
    'layers.entry': ({ path }) => entry(path, {}),
    'layers.wasted': () => ({ paths: [], total: 0 }),
    'settings.setUi': () => null,
  })
  takeClient(core.client)
})

const open = (sizeBytes = 13_000): unknown =>
  render(<LayersExplorer imageRef={imageRef} sizeBytes={sizeBytes} />)
const put = (item: Parameters<ReturnType<typeof core.stream<'layers.read'>>['put']>[0]): Promise<void> =>
  act(async () => {
    core.stream('layers.read').put(item)
    await Promise.resolve()
  })

test('a long reading says how far it is, and a person may end it and begin again', async () => {
  open()
  const progress = {
    kind: 'progress',
    layer: 0,
    layers: 4,
    entries: 12,
    bytes: 500,
    totalBytes: 1000,
  } as const
  await put(progress)
  expect(await screen.findByText('12 paths, 500 B of about 1 kB')).toBeDefined()
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50')
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(screen.getByText('Reading the layers was cancelled')).toBeDefined()
  expect(core.stream('layers.read').isCancelled).toBe(true)
  await user.click(screen.getByRole('button', { name: 'Read again' }))
  expect(core.streams.filter(({ name }) => name === 'layers.read')).toHaveLength(2)
})

test('what is big and slow is read only when somebody asks', async () => {
  open(900_000_000)
  expect(core.streams.filter(({ name }) => name === 'layers.read')).toHaveLength(0)
  expect(screen.getByText(/900 MB would be read once/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Read the layers' }))
  await waitFor(() => core.stream('layers.read'))
})

test('folders are asked for as they are unfolded, and a chosen path tells its details', async () => {
  open()
  await put({ kind: 'ready', summary })
  expect(await screen.findByText('77% efficient')).toBeDefined()
  await user.click(await screen.findByText('etc'))
  await user.keyboard('{ArrowRight}')
  await user.click(await screen.findByText('conf'))
  expect(await screen.findByRole('heading', { name: '/etc/conf' })).toBeDefined()
  expect(screen.getByText('-rw-r--r-- (0644)')).toBeDefined()
  expect(window.location.search).toContain('path=%2Fetc%2Fconf')
})

interface Asked {
  readonly come: (entries: LayerEntry[]) => void
  readonly fail: (error: Error) => void
}

test('who goes on by keys before a folder has come is on what comes; Enter asks again for what failed', async () => {
  const asked: Asked[] = []
  core.answers['layers.children'] = ({ path }) => {
    if (path === '/') return { entries: [entry('/etc', { kind: 'folder', childCount: 2 })], total: 1 }
    return new Promise((resolve, reject) =>
      asked.push({ come: (entries) => resolve({ entries, total: entries.length }), fail: reject }),
    )
  }
  const chosen = (): string | null => screen.getByRole('row', { selected: true }).textContent
  open()
  await put({ kind: 'ready', summary })
  await user.click(await screen.findByText('etc'))
  await user.keyboard('{ArrowRight}{ArrowDown}')
  expect(chosen()).toContain('Loading')
  await act(() => Promise.resolve(asked[0]?.fail(new Error('gone'))))
  expect(chosen()).toContain('Could not be read')
  await user.keyboard('{Enter}')
  expect(asked).toHaveLength(2)
  await act(() => Promise.resolve(asked[1]?.come([entry('/etc/conf', {}), entry('/etc/host', {})])))
  expect(chosen()).toContain('conf')
  expect(window.location.search).toContain('path=%2Fetc%2Fconf')
  await user.keyboard('{ArrowDown}')
  expect(chosen()).toContain('host')
})

test('secrets of instructions are nowhere on the page until they are asked for', async () => {
  open()
  const [layer] = summary.layers
  if (!layer) throw new Error('no layer')
  await put({
    kind: 'ready',
    summary: { ...summary, layers: [{ ...layer, command: 'ENV API_TOKEN=canary A=1' }] },
  })
  await screen.findByText('ENV API_TOKEN=•••••••• A=1', { selector: 'bdi' })
  expect(document.body.innerHTML).not.toContain('canary')
  await user.click(screen.getByRole('button', { name: 'Reveal hidden values' }))
  expect(screen.getByText('ENV API_TOKEN=canary A=1', { selector: 'bdi' })).toBeDefined()
})
