import { execFileSync } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage, loadImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import { fresh, live, local, ServiceLab } from '../../../../testing/services/service-lab'
import { noInput } from '../../../../testing/services/no-input'
import type { DiskEntry, DiskReport, HostReading } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'
import { hasContainerdStore } from '../engine/facts'
import { waitFor } from '../platform/wait-for'
import { hostHandlers } from './host-handlers'

const mib = 1024 ** 2

/** Of its own: what others leave in a shared one's folder and log is not theirs to tell here. */
let dockerd: TestEngine
let lab: ServiceLab
let agent: AgentClient
let measured: ReturnType<typeof hostHandlers>
let counted: ReturnType<typeof hostHandlers>

beforeAll(async () => {
  dockerd = await startTestEngine()
  await testImage(dockerd.socket)
  lab = await ServiceLab.connect(dockerd.socket)
  agent = await connectAgent(await childRoad(agentBinary()).open(live))
  measured = hostHandlers({ engineOf: lab.engineOf, agentFor: () => agent })
  counted = hostHandlers({ engineOf: lab.engineOf, agentFor: () => undefined })
})
afterAll(async () => {
  agent.close()
  await dockerd.stop()
})

const context = (signal = live) => ({ signal, input: noInput() })

async function report(handlers: typeof measured, isFresh = true): Promise<DiskReport> {
  for await (const item of handlers['host.disk']({ engine: local, isFresh }, context()))
    if (item.kind === 'report') return item.report
  throw new Error('There was no report')
}
const hasContainerd = (): boolean => hasContainerdStore(lab.engine.facts)
const entryOf = ({ entries }: DiskReport, id: string): DiskEntry | undefined =>
  entries.find((one) => one.id === id)

/** What `du` says of a folder: blocks, hard links once. */
const du = (path: string): number =>
  Number(execFileSync('du', ['-s', '-x', '-B1', path], { encoding: 'utf8' }).split('\t')[0])

async function runOnce(script: string, more: object = {}): Promise<string> {
  const id = await lab.create(busyboxImage, { config: { Cmd: ['sh', '-c', script] }, ...more })
  onTestFinished(() => lab.removeContainer(id))
  await lab.start(id)
  await lab.engine.json({ method: 'POST', path: `/containers/${id}/wait` })
  return id
}

test('a container is what its blocks are: holes and second names cost nothing, its log is told', async () => {
  const id = await runOnce(
    'dd if=/dev/urandom of=/big bs=1M count=8; ln /big /again; truncate -s 1G /hole; yes line | head -c 30000',
  )
  const entry = entryOf(await report(measured), id)
  expect(entry?.bytes).toBeGreaterThan(8 * mib)
  expect(entry?.bytes).toBeLessThan(10 * mib)
  expect(entry?.logBytes).toBeGreaterThan(30_000)
  expect(entry?.logBytes).toBeLessThan(mib)
  // The engine counts lengths; its containerd counts blocks.
  const byEngine = entryOf(await report(counted), id)?.bytes
  if (hasContainerd()) expect(byEngine).toBeLessThan(10 * mib)
  else expect(byEngine).toBeGreaterThan(1024 * mib)
})

test('a volume is what du says', async () => {
  const name = fresh('volume')
  const host = { NetworkMode: 'none', Binds: [`${name}:/data`] }
  await runOnce(
    'dd if=/dev/urandom of=/data/file bs=1M count=5; mkdir -p /data/a/b/c; echo x >/data/a/b/c/d',
    { host },
  )
  onTestFinished(
    async () =>
      void (await lab.engine
        .json({ method: 'DELETE', path: `/volumes/${name}?force=1` })
        .catch(() => undefined)),
  )
  // A file system may give blocks later than the bytes, also between two looks.
  const folder = join(lab.engine.facts.rootDir, 'volumes', name)
  await expect
    .poll(async () => (entryOf(await report(measured), name)?.bytes ?? 0) - du(folder), { timeout: 30_000 })
    .toBe(0)
})

test('a layer of two images is counted once, and is neither’s own', async () => {
  const shared = [{ name: 'shared.bin', data: Buffer.alloc(3 * mib, 7) }]
  const names = ['one', 'two'].map((word) => `${fresh(word)}:latest`)
  onTestFinished(async () => void (await Promise.all(names.map((name) => lab.dropImage(name)))))
  const before = await report(measured)
  for (const [index, reference] of names.entries()) {
    const own = [{ name: `own-${index}.bin`, data: Buffer.alloc((index + 1) * mib, 65 + index) }]
    await loadImage(dockerd.socket, { reference, layers: [shared, own] })
  }
  const after = await report(measured)
  const idOf = async (name: string): Promise<string> =>
    (await lab.engine.json<{ Id: string }>({ path: `/images/${name}/json` })).Id
  // containerd keeps what was loaded beside what it made of it.
  const unit = hasContainerd() ? 2 * mib : mib
  for (const [index, name] of names.entries()) {
    const entry = entryOf(after, await idOf(name))
    expect(entry?.bytes).toBeGreaterThanOrEqual((index + 1) * unit)
    expect(entry?.bytes).toBeLessThan((index + 1.2) * unit)
    expect(entry?.sharedBytes).toBeGreaterThanOrEqual(3 * unit)
  }
  const grown = after.totals.image - before.totals.image
  expect(grown).toBeGreaterThanOrEqual(6 * unit)
  expect(grown).toBeLessThan(6.5 * unit)
})

test('all of it together is what du says of the data folder, but for the folders between', async () => {
  const { totals, areLayersMeasured } = await report(measured)
  expect(areLayersMeasured).toBe(true)
  const sum = Object.values(totals).reduce((total, bytes) => total + bytes, 0)
  const whole = du(lab.engine.facts.rootDir)
  expect(sum).toBeLessThanOrEqual(whole + mib)
  expect(sum).toBeGreaterThan(whole * 0.95 - mib)
})

test('what was measured a moment ago is told at once, unless it must be fresh', async () => {
  const first = await report(measured)
  expect((await report(measured, false)).measuredAtMs).toBe(first.measuredAtMs)
  expect((await report(measured)).measuredAtMs).toBeGreaterThan(first.measuredAtMs)
})

test('a measuring that is broken off ends at once, and the next one is whole', async () => {
  // Progress is told of a thousand files and more.
  const name = fresh('many')
  const id = await runOnce(
    'mkdir /many; i=0; while [ $i -lt 3000 ]; do : >/many/$i; i=$((i+1)); done; echo "done"',
    { name },
  )
  const end = new AbortController()
  const items: string[] = []
  const reading = (async () => {
    for await (const item of measured['host.disk']({ engine: local, isFresh: true }, context(end.signal))) {
      items.push(item.kind)
      end.abort()
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  expect(items).toEqual(['progress'])
  const whole = await report(measured)
  expect(whole.areLayersMeasured).toBe(true)
  expect(entryOf(whole, id)?.bytes).toBeGreaterThan(0)
})

test('the host is read as long as somebody does, with its clock', async () => {
  const readings: HostReading[] = []
  for await (const reading of measured['host.watch']({ engine: local }, context())) {
    readings.push(reading)
    if (readings.length === 2) break
  }
  const [, last] = readings
  expect(last?.memoryBytes).toBeGreaterThan(64 * mib)
  expect(last?.usedBytes).toBeLessThan(last?.memoryBytes ?? 0)
  expect(Math.abs(last?.clockAheadMs ?? 1e9)).toBeLessThan(10_000)
  expect(last?.disks[0]).toMatchObject({ path: lab.engine.facts.rootDir })
  expect(last?.cpuPercent).toBeGreaterThanOrEqual(0)
})

test('a port that somebody listens on is listed with its process', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const find = async () => {
    const { ports } = await measured['host.ports']({ engine: local }, live)
    return ports.find((one) => one.port === port && one.protocol === 'tcp')
  }
  expect(await find()).toMatchObject({ address: '127.0.0.1', pid: process.pid })
  await new Promise((resolve) => server.close(resolve))
  await waitFor(async () => (await find()) === undefined, { timeoutMs: 10_000, what: 'a port that is gone' })
})

test('the engine’s own log is found by its process', async () => {
  const { lines } = await measured['host.log']({ engine: local, lines: 2000 }, live)
  expect(lines.join('\n')).toContain('API listen on')
  const { lines: few } = await measured['host.log']({ engine: local, lines: 3 }, live)
  expect(few).toHaveLength(3)
})

test('without an agent only the disk is told, as the engine counts it', async () => {
  const plain = await report(counted)
  expect(plain).toMatchObject({ road: 'api', areLayersMeasured: false })
  expect(plain.totals.image).toBeGreaterThan(0)
  expect(() => counted['host.ports']({ engine: local }, live)).toThrow(/No agent/)
})
