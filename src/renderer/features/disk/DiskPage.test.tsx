import { act as settle, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { localEngine, snapshotOf } from '../../../../testing/window/rows'
import type { DiskReport } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { applyInventory } from '../../store/inventory'
import { DiskPage } from './DiskPage'

let core: FakeClient
const user = userEvent.setup()

const entry = (kind: DiskReport['entries'][number]['kind'], id: string, bytes: number) => ({
  ...{ kind, id, bytes, sharedBytes: 0 },
})
const report: DiskReport = {
  ...{ engine: localEngine, measuredAtMs: Date.now(), tookMs: 120, road: 'agent', areLayersMeasured: true },
  totals: { image: 5e9, container: 2e9, volume: 1e9, cache: 3e6, other: 1e6 },
  entries: [
    { ...entry('image', `sha256:${'a'.repeat(64)}`, 4e9), sharedBytes: 1e9 },
    { ...entry('container', 'c'.repeat(64), 2e9), logBytes: 19e8 },
    entry('volume', 'data', 1e9),
    { ...entry('cache', 'k'.repeat(25), 3e6), note: 'RUN make', isCut: true },
  ],
}

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient()
  takeClient(core.client)
  applyInventory(snapshotOf([]))
})

const put = (item: unknown): Promise<void> =>
  settle(async () => {
    core.stream('host.disk').put(item as never)
    await Promise.resolve()
  })

test('what is measured is told on the way, and can be stopped', async () => {
  render(<DiskPage engine={localEngine} />)
  expect(core.stream('host.disk').args).toEqual({ engine: localEngine, isFresh: false })
  await put({ kind: 'progress', files: 1200, bytes: 5e6 })
  await waitFor(() => expect(screen.getByText('1,200 files, 5 MB so far')).toBeTruthy())
  await user.click(screen.getByRole('button', { name: 'Stop' }))
  expect(core.stream('host.disk').isCancelled).toBe(true)
  expect(screen.getByText('The measuring was stopped.')).toBeTruthy()
})

test('the report shows kinds with their totals, the biggest entries, and why a container is big', async () => {
  render(<DiskPage engine={localEngine} />)
  await put({ kind: 'report', report })
  await waitFor(() => expect(screen.getByRole('tab', { name: /Images\s*5 GB/ })).toBeTruthy())
  expect(screen.getByText(/8 GB in all/)).toBeTruthy()
  expect(screen.getByText('1.9 GB of it its log')).toBeTruthy()
  expect(screen.getByText('RUN make')).toBeTruthy()
  expect(screen.getByText(/Blocks on the disk/)).toBeTruthy()
  await user.click(screen.getByRole('tab', { name: /Volumes/ }))
  expect(screen.queryByText('1.9 GB of it its log')).toBeNull()
  expect(screen.getByText('data')).toBeTruthy()
})

test('it is measured anew when asked, and leaving ends it', async () => {
  const { unmount } = render(<DiskPage engine={localEngine} />)
  await put({ kind: 'report', report })
  await user.click(await screen.findByRole('button', { name: 'Measure again' }))
  const stream = core.stream('host.disk')
  expect(stream.args).toEqual({ engine: localEngine, isFresh: true })
  unmount()
  expect(stream.isCancelled).toBe(true)
})

test('without the agent it says how the engine counts', async () => {
  render(<DiskPage engine={localEngine} />)
  await put({ kind: 'report', report: { ...report, road: 'api', areLayersMeasured: false } })
  await waitFor(() => expect(screen.getByText(/As the engine counts/)).toBeTruthy())
})

test('from there one goes to each clean-up', async () => {
  render(<DiskPage engine={localEngine} />)
  await put({ kind: 'report', report })
  await user.click(await screen.findByRole('button', { name: 'Clean up' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Clean up volumes…' }))
  await waitFor(() => expect(window.location.pathname + window.location.hash).toContain('/volumes'))
})
