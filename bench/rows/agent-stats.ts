import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { ContainerId } from '../../src/shared/model'
import { busySeconds, treeCpu, type Lab, type Row } from '../lab'
import { judge, limit, median, pairs, timed } from '../measure'

const watched = 100
const windowMs = 20_000
/**
 * The engine and its shims work in bursts of their own, that cost more than all of ours: they are taken off the peer,
 * and on our side, where the engine is asked nothing, they are not counted.
 */
const idleMs = 40_000

/** Live numbers of 100 containers at 1 Hz through the agent, whole path into a client, against `docker stats`. */
export const agentStats: Row = {
  name: 'agent-stats',
  run: async (lab) => {
    const agent = await lab.agentPid()
    const ids = await sleeping(lab, watched)
    const idle = await cpuOf([lab.engine.pid], () => pause(idleMs)).then((cpu) => cpu / idleMs)
    const costs = await pairs(
      5,
      async () => {
        const peer = lab.dockerRunning('stats', '--format', '{{.ID}} {{.CPUPerc}} {{.MemUsage}}')
        peer.stdout?.resume()
        await pause(4000)
        const used = await cpuOf([lab.engine.pid, peer.pid ?? 0], () => pause(windowMs))
        peer.kill()
        return Math.max(used - idle * windowMs, 0)
      },
      async () => {
        const stream = watch(lab, ids)
        await pause(4000)
        const before = own(agent)
        await pause(windowMs)
        const used = own(agent) - before
        await stream.end()
        return used
      },
    )
    return [
      judge(
        {
          row: '100 containers, live: CPU of agent, core and client, against engine and docker stats',
          unit: 's',
        },
        costs,
        {
          atLeast: 40,
        },
      ),
      await firstValue(lab, ids),
      ...(await delivered(lab, ids)),
      limit({ row: 'RSS of the agent that watched them', unit: 'MB' }, rssOf(agent) / 1e6, 8),
    ]
  },
}

/** The same for 300: whether readings come in time, and how big each is. */
export const agentMany: Row = {
  name: 'agent-many',
  run: async (lab) => {
    await lab.agentPid()
    return delivered(lab, await sleeping(lab, 300))
  },
}

/** From asking to a CPU reading of each of 100. The peer's command asks once and ends. */
async function firstValue(lab: Lab, ids: readonly ContainerId[]) {
  const all = await pairs(
    5,
    () => timed(() => lab.docker('stats', '--no-stream')),
    () =>
      timed(async () => {
        const seen = new Set<string>()
        const refs = ids.map((id) => ({ engine: lab.id, id }))
        const stream = lab.client.stream('stats.watch', { refs })
        for await (const samples of stream) {
          for (const { id } of samples) seen.add(id)
          if (seen.size === ids.length) break
        }
        stream.cancel()
      }),
  )
  return limit(
    { row: `first CPU of ${ids.length} containers`, unit: 's' },
    median(all.map(({ ours }) => ours)) / 1000,
    0.3,
  )
}

/** Readings a container and second, against one stream of the engine's for each. */
async function delivered(lab: Lab, ids: readonly ContainerId[]) {
  const agent = await lab.agentPid()
  let bytes = 0
  let readings = 0
  const rates = await pairs(
    5,
    () => engineStreams(lab, ids),
    async () => {
      const stream = watch(lab, ids)
      await pause(3000)
      const before = { count: stream.count(), written: writtenBy(agent) }
      const ms = await timed(() => pause(10_000))
      const count = stream.count() - before.count
      bytes += writtenBy(agent) - before.written
      readings += count
      await stream.end()
      return (count * 1000) / ms / ids.length
    },
  )
  const worst = limit(
    { row: `${ids.length} containers: seconds from reading to reading`, unit: 's' },
    1 / median(rates.map(({ ours }) => ours)),
    1 / 0.98,
  )
  return [
    judge(
      {
        row: `${ids.length} containers: readings a second, against the engine's streams`,
        unit: 'Hz',
        isRate: true,
      },
      rates,
      { atLeast: 1 },
    ),
    worst,
    limit(
      { row: `${ids.length} containers: bytes a reading on the agent's road`, unit: 'B' },
      bytes / readings,
      60,
    ),
  ]
}

async function engineStreams(lab: Lab, ids: readonly ContainerId[]): Promise<number> {
  let count = 0
  const asked = ids.map((id) =>
    get({ socketPath: lab.engine.socket, path: `/v1.41/containers/${id}/stats`, agent: false }, (answer) => {
      answer.on('data', (piece: Buffer) => {
        for (const byte of piece) if (byte === 10) count++
      })
      answer.on('error', () => undefined)
    }).on('error', () => undefined),
  )
  await pause(4000)
  const before = count
  const ms = await timed(() => pause(10_000))
  const rate = ((count - before) * 1000) / ms / ids.length
  for (const one of asked) one.destroy()
  await pause(1500)
  return rate
}

/** Follows all of them as the window does. */
function watch(lab: Lab, ids: readonly ContainerId[]) {
  let count = 0
  const stream = lab.client.stream('stats.watch', { refs: ids.map((id) => ({ engine: lab.id, id })) })
  const reading = (async () => {
    for await (const samples of stream) count += samples.length
  })()
  return {
    count: () => count,
    end: async () => {
      stream.cancel()
      await reading
    },
  }
}

/** The running containers of the lab, made up to `count`. */
async function sleeping(lab: Lab, count: number): Promise<ContainerId[]> {
  await lab.fill(count, true)
  const rows = JSON.parse((await lab.raw('/containers/json')).toString()) as { Id: string }[]
  if (rows.length < count) throw new Error(`only ${rows.length} containers run`)
  return rows.slice(0, count).map(({ Id }) => Id as ContainerId)
}

/** CPU seconds of processes and all they started, over some work. */
async function cpuOf(pids: readonly number[], work: () => Promise<unknown>): Promise<number> {
  const all = (): number => pids.reduce((sum, pid) => sum + treeCpu(pid), 0)
  const before = all()
  await work()
  return all() - before
}

/** The agent and this process, in which core and its client run. */
const own = (agent: number): number => busySeconds(agent) + busySeconds(process.pid)

const writtenBy = (pid: number): number =>
  Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])

const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
