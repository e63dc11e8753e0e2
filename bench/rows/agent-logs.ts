import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { ContainerId } from '../../src/shared/model'
import { busySeconds, treeCpu, type Lab, type Row } from '../lab'
import { judge, pairs, timed, type Pair } from '../measure'

const run = promisify(execFile)
const lines = 1_000_000
const needle = 'needle-7'

/** A log of a million lines, read from its file by the agent, whole path into a client, against `docker logs`. */
export const agentLogs: Row = {
  name: 'agent-logs',
  run: async (lab) => {
    const agent = await lab.agentPid()
    const id = await longLog(lab)
    const whole = await wholeLog(lab, id, agent)
    const results = [...whole, await tail(lab, id), await seek(lab, id), await search(lab, id)]
    await lab.docker('rm', '-f', id)
    return results
  },
}

/** 100 bytes a line, all different; the time in the middle is that of line 900,000 or later. */
async function longLog(lab: Lab): Promise<ContainerId> {
  const filler = 'x'.repeat(78)
  const script = `i=0; while [ $i -lt 10 ]; do yes "${filler}" | head -n ${lines / 10} | awk -v b=$i '{printf "%02d %08d %s\\n", b, NR, $0}'; echo ${needle.slice(0, -1)}$i; i=$((i+1)); done`
  await lab.docker('run', '--name', 'bench-long', '--network', 'none', '-d', lab.image, 'sh', '-c', script)
  await lab.docker('wait', 'bench-long')
  return (await lab.docker('inspect', '-f', '{{.Id}}', 'bench-long')).trim() as ContainerId
}

/** How long it takes to read all that `docker logs` says. */
const peerRead = (lab: Lab, ...args: string[]): Promise<number> =>
  timed(async () => {
    const peer = lab.dockerRunning('logs', ...args)
    peer.stdout?.resume()
    await once(peer, 'close')
  })

const sumOf = (pieces: readonly Uint8Array[]): string => {
  const sum = createHash('sha256')
  for (const piece of pieces) sum.update(piece)
  return sum.digest('hex')
}

/** All that came of a log; what is summed is summed when it is all there. */
interface Read {
  readonly ms: number
  readonly engineS: number
  readonly pieces: readonly Uint8Array[]
}

async function read(lab: Lab, bytes: () => AsyncIterable<unknown>): Promise<Read> {
  const pieces: Uint8Array[] = []
  const before = treeCpu(lab.engine.pid)
  const ms = await timed(async () => {
    for await (const piece of bytes()) if (piece instanceof Uint8Array) pieces.push(piece)
  })
  // /proc counts in ticks: less than one of them is one at most.
  return { ms, engineS: Math.max(treeCpu(lab.engine.pid) - before, 0.01), pieces }
}

function peerLog(lab: Lab, id: ContainerId): AsyncIterable<unknown> {
  const { stdout } = lab.dockerRunning('logs', id)
  if (!stdout) throw new Error('docker logs has no output')
  return stdout
}

/** As a person saves it. */
async function* ourLog({ client, id: engine }: Lab, id: ContainerId): AsyncGenerator<unknown> {
  const { ticket } = await client.call('downloads.prepare', { what: 'logs', engine, id, name: 'log' })
  yield* client.stream('downloads.read', { ticket })
}

async function wholeLog(lab: Lab, id: ContainerId, agent: number) {
  const engineCpus: Pair[] = []
  const agentCpus: Pair[] = []
  let peer: { readonly sum: string; readonly engineS: number } | undefined
  const times = await pairs(
    5,
    async () => {
      const { ms, engineS, pieces } = await read(lab, () => peerLog(lab, id))
      peer = { sum: sumOf(pieces), engineS }
      return ms
    },
    async () => {
      const before = busySeconds(agent)
      const { ms, engineS, pieces } = await read(lab, () => ourLog(lab, id))
      if (!peer || sumOf(pieces) !== peer.sum) throw new Error('the two logs differ')
      engineCpus.push({ peer: peer.engineS, ours: engineS })
      agentCpus.push({ peer: peer.engineS, ours: engineS + busySeconds(agent) - before })
      return ms
    },
  )
  return [
    judge({ row: '1,000,000 log lines, same bytes, against docker logs', unit: 'ms' }, times, {
      atLeast: 15,
    }),
    judge({ row: 'the same: CPU of the engine', unit: 's' }, engineCpus, { atLeast: 50 }),
    judge({ row: 'the same: CPU of engine and agent', unit: 's' }, agentCpus, { atLeast: 20 }),
  ]
}

/** Reads through the window's own stream until the log's end. */
async function readLines(
  lab: Lab,
  id: ContainerId,
  part: { tail?: number; since?: number },
): Promise<number> {
  let count = 0
  const args = { engine: lab.id, id, follow: false, timestamps: false, ...part }
  for await (const item of lab.client.stream('containers.logs', args))
    if (item.kind === 'lines') count += item.lines.length
  return count
}

async function tail(lab: Lab, id: ContainerId) {
  const times = await pairs(
    9,
    () => peerRead(lab, '--tail', '1000', id),
    () =>
      timed(async () => {
        const count = await readLines(lab, id, { tail: 1000 })
        if (count < 1000) throw new Error(`only ${count} lines`)
      }),
  )
  return judge({ row: 'the last 1000 of them', unit: 'ms' }, times, { atLeast: 10 })
}

async function seek(lab: Lab, id: ContainerId) {
  const last = (await lab.docker('logs', '--tail', '200', '--timestamps', id)).split(' ', 1)[0] ?? ''
  const since = Date.parse(last) / 1000
  const times = await pairs(
    5,
    () => peerRead(lab, '--since', last, id),
    () =>
      timed(async () => {
        if ((await readLines(lab, id, { since })) === 0) throw new Error('nothing was read')
      }),
  )
  return judge({ row: 'from a moment near its end', unit: 'ms' }, times, { atLeast: 100 })
}

async function search(lab: Lab, id: ContainerId) {
  const times = await pairs(
    5,
    () =>
      timed(async () => {
        const command = `docker -H ${lab.engine.host} logs ${id} | grep -cF ${needle}`
        const { stdout } = await run('sh', ['-c', command])
        if (stdout.trim() !== '1') throw new Error(`${stdout.trim()} lines were found`)
      }),
    () =>
      timed(async () => {
        let count = 0
        const args = { engine: lab.id, id, pattern: needle, matchCase: true }
        for await (const found of lab.client.stream('containers.searchLogs', args))
          count += found.matches.length
        if (count !== 1) throw new Error(`${count} lines were found`)
      }),
  )
  return judge({ row: 'a text in all of them', unit: 'ms' }, times, { atLeast: 30 })
}
