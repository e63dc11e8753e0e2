import { act as settle, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow, localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { HostReading } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { takeAgents } from '../../store/agents'
import { EngineLog } from './EngineLog'
import { HostCard } from './HostCard'

let core: FakeClient
const user = userEvent.setup()
const engine = engineRow()
const gib = 1024 ** 3
const reading: HostReading = {
  ...{ atMs: 1, clockAheadMs: 0, uptimeMs: 3_600_000, kernel: '6.1.0', cpus: 4, cpuPercent: 25 },
  ...{ load: [0.5, 1, 2], memoryBytes: 8 * gib, usedBytes: 2 * gib, swapBytes: 0, swapUsedBytes: 0 },
  disks: [{ path: '/data', totalBytes: 100 * gib, freeBytes: 40 * gib, inodes: 100, freeInodes: 90 }],
}

const serve = (...features: string[]): void =>
  takeAgents([
    { engine: localEngine, state: { kind: 'running', road: 'child', version: 'v', features, sinceMs: 1 } },
  ])

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({
    'host.ports': () => ({
      ports: [{ protocol: 'tcp', address: '0.0.0.0', port: 8080, pid: 9, process: 'nginx' }],
      isCut: true,
    }),
  })
  takeClient(core.client)
  takeAgents([])
})

test('without an agent the card says what is missing, opens no stream and still leads to the disk', () => {
  render(<HostCard engine={engine} />)
  expect(screen.getByText(/read by the agent/)).toBeTruthy()
  expect(core.streams).toEqual([])
  expect(screen.getByRole('link', { name: 'What takes the space' }).getAttribute('href')).toBe('#/disk/local')
  expect(screen.queryByRole('button')).toBeNull()
})

test('CPU, memory, disk and clock are told as they are read, and reading ends with the view', async () => {
  serve('host.watch')
  const { unmount } = render(<HostCard engine={engine} />)
  const stream = core.stream('host.watch')
  expect(stream.args).toEqual({ engine: localEngine })
  await settle(async () => {
    stream.put(reading)
    await Promise.resolve()
  })
  await waitFor(() => expect(screen.getByText(/25% of 4 cores, load 0.5 · 1 · 2/)).toBeTruthy())
  expect(screen.getByText('2 GiB of 8 GiB')).toBeTruthy()
  expect(screen.getByText(/60 GiB of 100 GiB, 40 GiB free/)).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
  await settle(async () => {
    stream.put({ ...reading, clockAheadMs: -90_000 })
    await Promise.resolve()
  })
  await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/behind this computer/))
  unmount()
  expect(stream.isCancelled).toBe(true)
})

test('ports are read when asked for, with whose they are', async () => {
  serve('host.ports')
  render(<HostCard engine={engine} />)
  expect(core.asked('host.ports')).toEqual([])
  await user.click(screen.getByRole('button', { name: /Listening ports/ }))
  await waitFor(() => expect(screen.getByRole('row', { name: /8080\/tcp 0\.0\.0\.0 nginx 9/ })).toBeTruthy())
  expect(screen.getByText(/more than are listed/)).toBeTruthy()
})

test('a log that is in the host’s journal is told with the command that shows it', async () => {
  serve('host.log')
  core.answers['host.log'] = () => {
    throw new AppError('engine.unsupported', 'x', { facts: { what: 'log', unit: 'docker.service' } })
  }
  render(<EngineLog engine={engine} />)
  await user.click(screen.getByRole('button', { name: /Log of the engine/ }))
  await waitFor(() => expect(screen.getByText('journalctl -u docker.service -n 500')).toBeTruthy())
  expect(core.asked('engines.log')).toEqual([])
})

test('the log of an engine that is not ours comes by the agent', async () => {
  serve('host.log')
  core.answers['host.log'] = () => ({ lines: ['API listen on /run/docker.sock'] })
  render(<EngineLog engine={engine} />)
  await user.click(screen.getByRole('button', { name: /Log of the engine/ }))
  await waitFor(() => expect(screen.getByText(/API listen/)).toBeTruthy())
})
