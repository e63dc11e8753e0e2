import { act as settle, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../../testing/window/fake-client'
import type { StatSample } from '../../../../shared/model'
import { takeClient } from '../../../api'
import { setLanguage } from '../../../i18n'
import { forgetStats } from '../../../store/stats'
import { container, sample } from '../sample-containers'
import { StatsTab } from './StatsTab'

let core: FakeClient

beforeEach(async () => {
  await setLanguage('en')
  forgetStats()
  core = new FakeClient()
  takeClient(core.client)
})

async function show(...samples: readonly StatSample[]): Promise<void> {
  render(<StatsTab container={container()} limitBytes={0} />)
  const stream = await waitFor(() => core.stream('stats.watch'))
  await settle(async () => {
    stream.put(samples)
    await Promise.resolve()
  })
  await screen.findByRole('figure', { name: 'CPU of web' })
}
const pressure = { cpuPercent: 12.5, memoryPercent: 0, ioPercent: 3.25 }
const waiting = (): HTMLElement | null => screen.queryByRole('figure', { name: 'Waiting of web' })

test('what waited is a chart with a line for each resource, and what was killed is told in words', async () => {
  await show(sample({ atMs: 1, oomKills: 0, pressure }), sample({ atMs: 1001, oomKills: 3, pressure }))
  const words = waiting()?.textContent
  expect(words).toContain('CPU 12.5%')
  expect(words).toContain('Memory 0%')
  expect(words).toContain('Disk 3.3%')
  expect(screen.getByText('3 processes were killed because memory ran out')).toBeTruthy()
})

test('where neither is known, or nothing was killed, nothing is shown of them', async () => {
  await show(sample({ atMs: 1 }), sample({ atMs: 1001, oomKills: 0 }))
  expect(waiting()).toBeNull()
  expect(screen.getAllByRole('figure')).toHaveLength(4)
  expect(screen.queryByText(/killed/)).toBeNull()
})

test('one that was killed is one', async () => {
  await show(sample({ atMs: 1, oomKills: 1 }))
  expect(screen.getByText('1 process was killed because memory ran out')).toBeTruthy()
})

test('in Korean too', async () => {
  await setLanguage('ko')
  render(<StatsTab container={container()} limitBytes={0} />)
  const stream = await waitFor(() => core.stream('stats.watch'))
  await settle(async () => {
    stream.put([sample({ atMs: 1, oomKills: 3, pressure })])
    await Promise.resolve()
  })
  expect(await screen.findByText('메모리가 부족해 프로세스 3개가 강제 종료되었습니다')).toBeTruthy()
  expect(screen.getByRole('figure', { name: 'web의 대기' })).toBeTruthy()
  await setLanguage('en')
})
