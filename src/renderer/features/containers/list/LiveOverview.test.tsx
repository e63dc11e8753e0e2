import { act as settle, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { containerRow, localEngine, snapshotOf } from '../../../../../testing/window/rows'
import type { StatSample } from '../../../../shared/model'
import { takeClient } from '../../../api'
import { setLanguage } from '../../../i18n'
import { takeAgents } from '../../../store/agents'
import { applyInventory } from '../../../store/inventory'
import { ContainersPage } from './ContainersPage'

let core: FakeClient
const user = userEvent.setup()
const all = [containerRow('busy'), containerRow('idle'), containerRow('off', { state: 'exited' })]
const serve = (): void =>
  takeAgents([
    {
      engine: localEngine,
      state: { kind: 'running', road: 'child', version: 'v', features: ['stats.watch'], sinceMs: 1 },
    },
  ])

const sample = (name: string, cpuPercent: number, memoryBytes: number): StatSample => ({
  ...{
    engine: localEngine,
    id: containerRow(name).id,
    atMs: 1,
    cpuPercent,
    memoryBytes,
    memoryLimitBytes: 1e9,
  },
  ...{ pids: 1, netRxBytes: 0, netTxBytes: 0, blockReadBytes: 0, blockWriteBytes: 0 },
})

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({ 'settings.setUi': () => null })
  takeClient(core.client)
  takeAgents([])
  applyInventory(snapshotOf(all))
})

const statsStream = () => waitFor(() => core.stream('stats.watch'))
const watchedIds = (): string[] =>
  core.streams.flatMap(({ name, args }) =>
    name === 'stats.watch' ? (args as { refs: { id: string }[] }).refs.map(({ id }) => id) : [],
  )

test('with an agent all that run are watched; the overview sums them up, names the greatest, and closes', async () => {
  serve()
  const { unmount } = render(<ContainersPage />)
  const stream = await statsStream()
  expect(new Set(watchedIds())).toEqual(new Set([containerRow('busy').id, containerRow('idle').id]))
  await settle(async () => {
    stream.put([sample('busy', 180, 1024 ** 2), sample('idle', 20, 3 * 1024 ** 2)])
    await Promise.resolve()
  })
  await waitFor(() =>
    expect(screen.getByRole('group', { name: 'All running containers' }).textContent).toContain('200%'),
  )
  await user.click(screen.getByRole('button', { name: 'Show the overview of all running containers' }))
  const overview = await screen.findByRole('region', { name: 'Overview of all running containers' })
  const cpu = within(overview).getByRole('list', { name: 'Most CPU' })
  expect(
    within(cpu)
      .getAllByRole('listitem')
      .map((one) => one.textContent),
  ).toEqual(['busy180%', 'idle20%'])
  const memory = within(overview).getByRole('list', { name: 'Most memory' })
  expect(within(memory).getAllByRole('link')[0]?.textContent).toBe('idle')
  expect(
    within(overview).getByRole('figure', { name: 'Memory of all running containers' }).textContent,
  ).toContain('4 MiB')
  await user.click(screen.getByRole('button', { name: 'Hide the overview' }))
  expect(screen.queryByRole('region', { name: 'Overview of all running containers' })).toBeNull()
  unmount()
  await waitFor(() => expect(stream.isCancelled).toBe(true))
})

test('without an agent there is no overview to be had', async () => {
  render(<ContainersPage />)
  expect(await screen.findByText('busy')).toBeTruthy()
  expect(screen.queryByRole('group', { name: 'All running containers' })).toBeNull()
  expect(screen.queryByRole('button', { name: /overview/ })).toBeNull()
})
