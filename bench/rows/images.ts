import { randomBytes } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadImage } from '../../testing/engine/images'
import { startRegistry } from '../../testing/engine/registry'
import type { Lab, Row } from '../lab'
import { judge, pairs, timed } from '../measure'

const reference = 'slipway-bench/large:latest'
const layerBytes = 32 * 1024 * 1024

/** Save, load and pull of an image of 128 MiB, half of it incompressible. */
export const transfer: Row = {
  name: 'transfer',
  run: async (lab) => {
    const layers = [0, 1, 2, 3].map((n) => [
      { name: `layer-${n}`, data: n % 2 === 0 ? randomBytes(layerBytes) : Buffer.alloc(layerBytes, n) },
    ])
    await loadImage(lab.engine.socket, { reference, layers })
    const folder = mkdtempSync(join(tmpdir(), 'slb-tar-'))
    const tar = join(folder, 'image.tar')
    await lab.docker('save', '-o', tar, reference)
    const megabytes = statSync(tar).size / 1e6
    const rate = async (work: () => Promise<unknown>): Promise<number> =>
      (megabytes / (await timed(work))) * 1000
    const about = (what: string) => ({
      row: `${what} of a 128 MiB image, against the CLI`,
      unit: 'MB/s',
      isRate: true,
    })
    const save = await pairs(
      5,
      () => rate(() => lab.docker('save', '-o', join(folder, 'again.tar'), reference)),
      () => rate(() => ourSave(lab)),
    )
    const load = await pairs(
      5,
      () => freshRate(lab, rate, () => lab.docker('load', '-i', tar)),
      () => freshRate(lab, rate, () => ourLoad(lab, tar)),
    )
    const pull = await pullPairs(lab, rate)
    rmSync(folder, { recursive: true })
    return [
      judge(about('save'), save, { atLeast: 0.95 }),
      judge(about('load'), load, { atLeast: 0.95 }),
      judge(about('pull'), pull, { atLeast: 0.95 }),
    ]
  },
}

type Rate = (work: () => Promise<unknown>) => Promise<number>

/** The image must be gone, or the engine has nothing to do. */
async function freshRate(lab: Lab, rate: Rate, work: () => Promise<unknown>): Promise<number> {
  await lab.docker('rmi', '-f', reference).catch(() => '')
  return rate(work)
}

async function ourSave(lab: Lab): Promise<void> {
  const { ticket } = await lab.client.call('downloads.prepare', {
    what: 'image',
    engine: lab.id,
    references: [reference],
    name: 'x.tar',
  })
  let bytes = 0
  for await (const item of lab.client.stream('downloads.read', { ticket }))
    if (item instanceof Uint8Array) bytes += item.byteLength
  if (bytes < layerBytes) throw new Error(`only ${bytes} bytes were saved`)
}

async function ourLoad(lab: Lab, tar: string): Promise<void> {
  const stream = lab.client.stream('images.load', {
    engine: lab.id,
    name: 'x.tar',
    sizeBytes: statSync(tar).size,
  })
  const sending = (async () => {
    for await (const chunk of createReadStream(tar, { highWaterMark: 256 * 1024 }))
      await stream.send(chunk as Uint8Array)
    await stream.send({ end: true })
  })()
  for await (const item of stream)
    if (!item.references.includes(reference)) throw new Error(`loaded ${item.references.join(', ')}`)
  await sending
}

async function pullPairs(lab: Lab, rate: Rate) {
  const registry = await startRegistry()
  const remote = `${registry.host}/large:1`
  await lab.docker('tag', reference, remote)
  await lab.docker('push', '-q', remote)
  const fresh = async (work: () => Promise<unknown>): Promise<number> => {
    await lab.docker('rmi', '-f', remote, reference).catch(() => '')
    return rate(work)
  }
  const all = await pairs(
    5,
    () => fresh(() => lab.docker('pull', '-q', remote)),
    () => fresh(() => ourPull(lab, remote)),
  )
  await registry.stop()
  return all
}

async function ourPull(lab: Lab, reference: string): Promise<void> {
  const activity = lab.client.stream('activity.watch', {})
  const { task } = await lab.client.call('images.pull', { engine: lab.id, reference })
  for await (const item of activity) {
    const tasks = item.kind === 'all' ? item.tasks : item.kind === 'task' ? [item.task] : []
    const own = tasks.find((one) => one.id === task)
    if (own?.state === 'done') return activity.cancel()
    if (own && own.state !== 'running') throw new Error(`the pull ended as ${own.state}`)
  }
}
