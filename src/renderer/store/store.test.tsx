import { act as settle, cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { containerRow, localEngine, snapshotOf } from '../../../testing/window/rows'
import { act, takeClient } from '../api'
import { AppError } from '../../shared/errors'
import { keyOf, type StatSample } from '../../shared/model'
import { applyInventory, forgetInventory, inventoryStore, startInventory, useRow, useRows } from './inventory'
import { usePending } from './pending'
import { settingsStore, startSettings } from './settings'
import { startStats, useStats, watchStats } from './stats'
import { dropToast, toastStore } from './toasts'
import { setUi } from './ui'

let core: FakeClient
const web = containerRow('web')
const stops: (() => void)[] = []

beforeEach(() => {
  core = new FakeClient()
  takeClient(core.client)
  forgetInventory()
})
afterEach(() => {
  stops.splice(0).forEach((stop) => stop())
  toastStore.getState().toasts.forEach((toast) => dropToast(toast.id))
  cleanup()
})

const delta = (rev: number, name: string) =>
  ({
    kind: 'deltas',
    deltas: [{ engine: localEngine, kind: 'containers', rev, put: [containerRow(name)], drop: [] }],
  }) as const

async function openFeed(): Promise<void> {
  stops.push(startInventory())
  await waitFor(() => core.stream('inventory.watch'))
  core.stream('inventory.watch').put(snapshotOf([web]))
  await waitFor(() => expect(inventoryStore.getState().feed).toBe('live'))
}
const names = (): string[] => inventoryStore.getState().rows.containers.map((row) => row.name)

test('rows follow deltas', async () => {
  await openFeed()
  core.stream('inventory.watch').put(delta(2, 'db'))
  await waitFor(() => expect(names()).toEqual(['web', 'db']))
})

test('a missed delta opens the feed anew and the fresh snapshot counts', async () => {
  await openFeed()
  core.stream('inventory.watch').put(delta(7, 'late'))
  await waitFor(() =>
    expect(core.streams.filter((stream) => stream.name === 'inventory.watch')).toHaveLength(2),
  )
  expect(core.streams[0]?.isCancelled).toBe(true)
  core.stream('inventory.watch').put(snapshotOf([containerRow('fresh')]))
  await waitFor(() => expect(names()).toEqual(['fresh']))
})

test('a feed that ended is stale until it is back; its rows stay', async () => {
  await openFeed()
  core.stream('inventory.watch').end()
  await waitFor(() => expect(inventoryStore.getState().feed).toBe('stale'))
  expect(names()).toEqual(['web'])
  await waitFor(() => expect(core.streams).toHaveLength(2))
})

test('a change of one kind leaves the rows of the others as they were', async () => {
  await openFeed()
  const { images } = inventoryStore.getState().rows
  core.stream('inventory.watch').put(delta(2, 'db'))
  await waitFor(() => expect(names()).toHaveLength(2))
  expect(inventoryStore.getState().rows.images).toBe(images)
})

function Facts() {
  const byName = useRow('containers', { engine: localEngine, id: 'web' })
  const verb = usePending(keyOf(web))
  return <p>{`${useRows('containers').length} ${byName?.image ?? 'none'} ${verb ?? 'idle'}`}</p>
}

test('an action marks its row until the answer', async () => {
  await openFeed()
  let finish: (value: null) => void = () => undefined
  core.answers['containers.stop'] = () => new Promise((resolve) => (finish = resolve))
  render(<Facts />)
  expect(screen.getByText('1 nginx:1.27 idle')).toBeTruthy()
  let done: Promise<unknown> = Promise.resolve()
  await settle(async () => {
    done = act('containers.stop', { engine: web.engine, id: web.id })
    await Promise.resolve()
  })
  expect(screen.getByText('1 nginx:1.27 containers.stop')).toBeTruthy()
  await settle(async () => {
    finish(null)
    expect(await done).toBeNull()
  })
  expect(screen.getByText('1 nginx:1.27 idle')).toBeTruthy()
})

test('a failed action says so in a toast and frees the row; a cancelled one says nothing', async () => {
  core.answers['containers.start'] = () =>
    Promise.reject(new AppError('port.in-use', 'x', { facts: { port: 80 } }))
  expect(await act('containers.start', { engine: web.engine, id: web.id })).toBeUndefined()
  expect(toastStore.getState().toasts.map((toast) => toast.error?.code)).toEqual(['port.in-use'])
  core.answers['containers.start'] = () => Promise.reject(new AppError('cancelled', 'x'))
  await act('containers.start', { engine: web.engine, id: web.id })
  expect(toastStore.getState().toasts).toHaveLength(1)
})

const sample = { ...{ engine: web.engine, id: web.id }, atMs: 1, cpuPercent: 42 } as StatSample
function Cpu() {
  return <p>{`cpu ${useStats(web).at(-1)?.cpuPercent ?? 'none'}`}</p>
}

test('one stream serves all who watch, and none is open when nobody does', async () => {
  stops.push(startStats())
  const [first, second] = [watchStats([web]), watchStats([web, containerRow('db')])]
  render(<Cpu />)
  await waitFor(() => core.stream('stats.watch'))
  const stream = core.stream('stats.watch')
  expect((stream.args as { refs: unknown[] }).refs).toHaveLength(2)
  await settle(async () => {
    stream.put([sample])
    await Promise.resolve()
  })
  expect(await screen.findByText('cpu 42')).toBeTruthy()
  second()
  await waitFor(() => expect(stream.sent.at(-1)).toEqual({ refs: [{ engine: web.engine, id: web.id }] }))
  first()
  await waitFor(() => expect(stream.isCancelled).toBe(true))
  expect(core.streams.filter(({ name }) => name === 'stats.watch')).toHaveLength(1)
})

test('a hidden window receives no stats', async () => {
  stops.push(startStats(), watchStats([web]))
  await waitFor(() => core.stream('stats.watch'))
  const stream = core.stream('stats.watch')
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  await waitFor(() => expect(stream.isCancelled).toBe(true))
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  await waitFor(() => expect(core.streams.filter(({ name }) => name === 'stats.watch')).toHaveLength(2))
  hidden.mockRestore()
})

test('a window that stays hidden closes the feed, and is told anew when it is seen again', async () => {
  await openFeed()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  vi.advanceTimersByTime(29_000)
  expect(core.streams[0]?.isCancelled).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(core.streams[0]?.isCancelled).toBe(true)
  vi.useRealTimers()
  hidden.mockRestore()
  document.dispatchEvent(new Event('visibilitychange'))
  await waitFor(() => expect(core.streams).toHaveLength(2))
  expect(inventoryStore.getState().feed).toBe('live')
  core.stream('inventory.watch').put(snapshotOf([containerRow('fresh')]))
  await waitFor(() => expect(names()).toEqual(['fresh']))
})

test('news of one change do not take back another that core has not heard yet', () => {
  stops.push(startSettings())
  setUi('a', 1)
  setUi('b', 2)
  const { settings } = settingsStore.getState()
  core.push('settings.changed', { ...settings, theme: 'dark', ui: { a: 1 } })
  expect(settingsStore.getState().settings).toMatchObject({ theme: 'dark', ui: { a: 1, b: 2 } })
})

test('helpers of our own are not listed unless the settings say so', () => {
  const labels = { 'io.slipway.helper': 'agent' }
  const helper = containerRow('slipway-agent-1', { labels })
  applyInventory(snapshotOf([web, helper]))
  const List = () => <p>{useRows('containers').map((row) => `${row.name} `)}</p>
  render(<List />)
  expect(screen.getByText('web')).toBeTruthy()
  const { settings } = settingsStore.getState()
  settle(() => settingsStore.setState({ settings: { ...settings, showHelpers: true } }))
  expect(screen.getByText('web slipway-agent-1')).toBeTruthy()
  settle(() => settingsStore.setState({ settings }))
  expect(screen.getByText('web')).toBeTruthy()
})
