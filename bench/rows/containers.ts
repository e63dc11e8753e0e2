import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { emptyRunSpec, type ContainerId } from '../../src/shared/model'
import type { Lab, Row } from '../lab'
import type { Pair } from '../measure'
import { judge, pairs, percentile, timed } from '../measure'

const lines = 900
const groups = 9

/** Each line is written once and read by both followers, so the pair is the same line. */
export const follow: Row = {
  name: 'follow',
  run: async (lab) => {
    const args = ['run', '-i', '--rm', '--name', 'bench-follow', '--network', 'none', lab.image, 'cat']
    const writer = spawn('docker', ['-H', lab.engine.host, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
    const id = await containerId(lab, 'bench-follow')
    const waits = await followBoth(lab, id, (line) => writer.stdin.write(line))
    writer.stdin.end()
    await lab.docker('rm', '-f', id).catch(() => '')
    const parts = Array.from({ length: groups }, (_, at) =>
      waits.slice((at * lines) / groups, ((at + 1) * lines) / groups),
    )
    const p95 = parts.map((some) => ({
      peer: percentile(
        some.map((one) => one.peer),
        0.95,
      ),
      ours: percentile(
        some.map((one) => one.ours),
        0.95,
      ),
    }))
    return [
      judge({ row: 'follow a log: written to read, p95, against docker logs -f', unit: 'ms' }, p95, {
        atMost: 1,
      }),
    ]
  },
}

async function containerId(lab: Lab, name: string): Promise<ContainerId> {
  for (let tries = 0; tries < 200; tries++) {
    const id = (await lab.docker('ps', '-qf', `name=^${name}$`, '--no-trunc')).trim()
    if (id !== '') return id as ContainerId
    await pause(50)
  }
  throw new Error(`${name} did not start`)
}

async function followBoth(lab: Lab, id: ContainerId, write: (line: string) => void): Promise<Pair[]> {
  const peerAt = new Map<string, number>()
  const oursAt = new Map<string, number>()
  const peer = lab.dockerRunning('logs', '-f', '--tail', '0', id)
  if (!peer.stdout) throw new Error('docker logs has no output')
  createInterface({ input: peer.stdout }).on('line', (line) => peerAt.set(line, performance.now()))
  const stream = lab.client.stream('containers.logs', { engine: lab.id, id, tail: 0, timestamps: false })
  const reading = (async () => {
    for await (const item of stream)
      if (item.kind === 'lines') for (const line of item.lines) oursAt.set(line, performance.now())
  })()
  const written = new Map<string, number>()
  // Both must be following before the first counted line.
  for (let at = 0; !(peerAt.has('warm') && oursAt.has('warm')) && at < 100; at++) {
    write('warm\n')
    await pause(50)
  }
  for (let at = 0; at < lines; at++) {
    const line = `line ${at}`
    written.set(line, performance.now())
    write(`${line}\n`)
    await pause(10)
  }
  await pause(500)
  peer.kill()
  stream.cancel()
  await reading
  return [...written].map(([line, atMs]) => ({
    peer: (peerAt.get(line) ?? Number.NaN) - atMs,
    ours: (oursAt.get(line) ?? Number.NaN) - atMs,
  }))
}

/** Create, start, wait for the exit, remove: through core, by bare HTTP, and by the CLI. */
export const cycle: Row = {
  name: 'cycle',
  run: async (lab) => {
    const ours = (): Promise<number> => timed(() => ourCycle(lab))
    // The engine's own times vary by a third: a few per cent show in many pairs only.
    const againstRaw = await pairs(41, () => timed(() => rawCycle(lab)), ours)
    const cli = (): Promise<number> =>
      timed(() => lab.docker('run', '--rm', '--network', 'none', lab.image, 'true'))
    const againstCli = await pairs(15, cli, ours)
    return [
      judge({ row: 'create, start, exit, remove, against raw HTTP', unit: 'ms' }, againstRaw, {
        atMost: 1.03,
      }),
      judge({ row: 'create, start, exit, remove, against docker run --rm', unit: 'ms' }, againstCli, {
        atMost: 0.95,
      }),
    ]
  },
}

async function ourCycle(lab: Lab): Promise<void> {
  const spec = { ...emptyRunSpec(lab.image), command: ['true'], network: 'none' }
  const { id } = await lab.client.call('containers.run', { engine: lab.id, spec })
  await lab.raw(`/containers/${id}/wait`, 'POST')
  await lab.client.call('containers.remove', { engine: lab.id, id })
}

async function rawCycle(lab: Lab): Promise<void> {
  const body = { Image: lab.image, Cmd: ['true'], HostConfig: { NetworkMode: 'none' } }
  const made = JSON.parse((await lab.raw('/containers/create', 'POST', body)).toString()) as { Id: string }
  await lab.raw(`/containers/${made.Id}/start`, 'POST')
  await lab.raw(`/containers/${made.Id}/wait`, 'POST')
  await lab.raw(`/containers/${made.Id}`, 'DELETE')
}
