import { act as settle, cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { containerRow, engineRow, localEngine, snapshotOf } from '../../../../testing/window/rows'
import type { Engine, EngineId, Image, ImageId } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { setEngineFilter } from '../../store/engine-filter'
import { forgetInventory } from '../../store/inventory'
import { startStores } from '../../store/start'
import { forgetVisits } from '../../store/visit'
import { ImagesPage } from './ImagesPage'

let core: FakeClient
let stop: () => void
const user = userEvent.setup()

const image = (id: string, tags: string[]): Image => ({
  engine: localEngine,
  id: `sha256:${id}` as ImageId,
  tags,
  digests: [],
  createdAtMs: 1,
  sizeBytes: 5_000_000,
  labels: {},
})

beforeEach(async () => {
  window.location.hash = '#/images'
  await setLanguage('en')
  core = new FakeClient({
    'images.pull': () => ({ task: 't1' as never }),
    'images.remove': () => ({ deleted: 1, untagged: 1 }),
    'images.prune': () => ({ removed: 1, reclaimedBytes: 5 }),
    'images.prunePlan': ({ all }) => ({
      entries: [
        { id: 'sha256:3', name: '<none>', sizeBytes: 5_000_000 },
        ...(all ? [{ id: 'sha256:2', name: 'old:1', sizeBytes: 7_000_000 }] : []),
      ],
      totalBytes: all ? 12_000_000 : 5_000_000,
    }),
    'registries.list': () => ({ registries: ['registry.example.com'] }),
    'settings.setUi': () => null,
  })
  forgetInventory()
  takeClient(core.client)
  stop = startStores()
})
afterEach(() => {
  stop()
  cleanup()
  forgetVisits()
  setEngineFilter(undefined)
})

async function open(images: readonly Image[]): Promise<void> {
  render(<ImagesPage />)
  await waitFor(() => core.stream('inventory.watch'))
  await show(images)
}

async function show(images: readonly Image[], engines = [engineRow()]): Promise<void> {
  const item = snapshotOf([containerRow('web', { imageId: 'sha256:1' as ImageId })], engines)
  if (item.kind !== 'snapshot') throw new Error('no snapshot')
  await settle(async () => {
    core.stream('inventory.watch').put({
      ...item,
      slices: [...item.slices, { engine: localEngine, kind: 'images', rev: 1, rows: images }],
    })
    await Promise.resolve()
  })
}

const some = [image('1', ['nginx:1', 'nginx:latest']), image('2', ['old:1']), image('3', [])]
const asked = (name: string) => core.calls.filter((one) => one.name === name).map((one) => one.args)

test('tags, use and untagged images are told apart', async () => {
  await open(some)
  const row = screen.getByRole('row', { name: /nginx:1/ })
  expect(within(row).getByText('web')).toBeDefined()
  expect(within(screen.getByRole('row', { name: /old:1/ })).getByText('Unused')).toBeDefined()
  expect(screen.getByText('untagged')).toBeDefined()
})

test('an image of which nobody knows who uses it is neither in use nor not', async () => {
  await open(some)
  const choose = async (name: string): Promise<void> => {
    await user.click(screen.getByRole('combobox', { name: 'Show' }))
    await user.click(await screen.findByRole('option', { name }))
  }
  await choose('Not in use')
  expect(screen.getByText('old:1')).toBeDefined()
  await show(some, [engineRow({ missing: { containers: { kind: 'awaited' } } })])
  expect(screen.queryByText('old:1')).toBeNull()
  await choose('In use')
  expect(screen.queryByText('old:1')).toBeNull()
  expect(screen.getByText('web')).toBeDefined()
  await choose('All')
  expect(screen.getByText('old:1')).toBeDefined()
})

test('without images the page offers to pull one', async () => {
  await open([])
  expect(screen.getByText('No images yet')).toBeDefined()
})

test('a reference is checked before anything is pulled', async () => {
  await open(some)
  await user.click(screen.getByRole('button', { name: 'Pull…' }))
  const dialog = await screen.findByRole('dialog')
  await user.type(within(dialog).getByRole('combobox', { name: 'Reference' }), 'Bad/Name')
  await user.tab()
  expect(within(dialog).getByText('Repository names are lower case')).toBeDefined()
  expect(await within(dialog).findByRole('button', { name: 'Pull' })).toHaveProperty('disabled', true)
  await user.clear(within(dialog).getByRole('combobox', { name: 'Reference' }))
  await user.type(within(dialog).getByRole('combobox', { name: 'Reference' }), 'redis:7')
  await user.tab()
  await user.click(within(dialog).getByRole('button', { name: 'Pull' }))
  await waitFor(() =>
    expect(asked('images.pull')).toEqual([{ engine: 'local', reference: 'redis:7', platform: '' }]),
  )
})

test('clean up lists what goes, and a spared line stays', async () => {
  await open(some)
  await user.click(screen.getByRole('button', { name: 'Clean up…' }))
  const dialog = await screen.findByRole('dialog')
  await user.click(within(dialog).getByRole('checkbox', { name: 'Also images that have tags' }))
  await user.click(await within(dialog).findByRole('checkbox', { name: '<none>' }))
  await user.click(within(dialog).getByRole('button', { name: 'Remove 1' }))
  await waitFor(() => expect(asked('images.prune')).toEqual([{ engine: 'local', ids: ['sha256:2'] }]))
})

const lab = engineRow({ id: 'lab' as EngineId, name: 'Lab' })
const away = (engine: Engine): Engine => ({ ...engine, state: { kind: 'connecting', sinceMs: 0 } })

test('a clean-up whose engine goes names it, and shows and removes nothing of another', async () => {
  await open(some)
  await show(some, [lab, engineRow()])
  await user.click(screen.getByRole('button', { name: 'Clean up…' }))
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByRole('checkbox', { name: '<none>' })
  await show(some, [away(lab), engineRow()])
  expect(within(dialog).getByRole('alert').textContent).toMatch(/^Lab is not running now/)
  expect(within(dialog).queryByRole('checkbox', { name: '<none>' })).toBeNull()
  expect(within(dialog).getByRole('button', { name: /^Remove/ })).toHaveProperty('disabled', true)
  expect(asked('images.prunePlan')).toEqual([{ engine: 'lab', all: false }])
})

test('where the images of several engines are shown, a file is loaded into the one that is chosen', async () => {
  const file = new File(['a tar'], 'some.tar')
  const choose = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (
    this: HTMLInputElement,
  ) {
    Object.defineProperty(this, 'files', { value: [file] })
    this.dispatchEvent(new Event('change'))
  })
  await open(some)
  await show(some, [engineRow(), lab])
  const load = (): HTMLElement => screen.getByRole('button', { name: 'Load from file…' })
  const loads = (): unknown[] =>
    core.streams.filter(({ name }) => name === 'images.load').map(({ args }) => args)
  await user.click(load())
  expect(loads()).toEqual([])
  await user.click(await screen.findByRole('menuitem', { name: 'Lab' }))
  expect(loads()).toMatchObject([{ engine: 'lab' }])
  settle(() => setEngineFilter(localEngine))
  await user.click(load())
  expect(loads()).toMatchObject([{ engine: 'lab' }, { engine: 'local' }])
  choose.mockRestore()
})
