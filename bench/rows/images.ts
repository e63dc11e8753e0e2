import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadImage } from '../../testing/engine/images'
import { startRegistry } from '../../testing/engine/registry'
import { missingProgram, type Lab, type Row } from '../lab'
import { judge, pairs, timed, type Result } from '../measure'
import { missingPage, withPage } from '../page'

const reference = 'slipway-bench/large:latest'
const layerBytes = 32 * 1024 * 1024

/** Save, load and pull of an image of 128 MiB, half of it incompressible. Files are read and written by both. */
export const transfer: Row = {
  name: 'transfer',
  missing: () => [...missingProgram('docker-registry', 'apt-get install docker-registry'), ...missingPage()],
  run: async (lab) => {
    const layers = [0, 1, 2, 3].map((n) => [
      { name: `layer-${n}`, data: n % 2 === 0 ? randomBytes(layerBytes) : Buffer.alloc(layerBytes, n) },
    ])
    await loadImage(lab.engine.socket, { reference, layers })
    const folder = mkdtempSync(join(tmpdir(), 'slb-tar-'))
    try {
      return await transfers(lab, folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

async function transfers(lab: Lab, folder: string): Promise<Result[]> {
  const tar = join(folder, 'image.tar')
  await lab.docker('save', '-o', tar, reference)
  const megabytes = statSync(tar).size / 1e6
  const rate: Rate = async (work) => (megabytes / (await timed(work))) * 1000
  const about = (what: string) => ({
    row: `${what} of a 128 MiB image, against the CLI`,
    unit: 'MB/s',
    isRate: true,
  })
  const save = await pairs(
    9,
    () => newFileRate(rate, join(folder, 'theirs.tar'), (path) => lab.docker('save', '-o', path, reference)),
    () => newFileRate(rate, join(folder, 'ours.tar'), (path) => ourSave(lab, path)),
  )
  const load = await pairs(
    9,
    () => freshRate(lab, rate, () => lab.docker('load', '-i', tar)),
    () => freshRate(lab, rate, () => ourLoad(lab, tar)),
  )
  const sent = await sentPairs(lab, rate, tar)
  const pull = await pullPairs(lab, rate)
  return [
    judge(about('save'), save, { atLeast: 0.95 }),
    judge(about('load'), load, { atLeast: 0.95 }),
    judge(about('load, sent by a browser,'), sent, { atLeast: 0.95 }),
    judge(about('pull'), pull, { atLeast: 0.95 }),
  ]
}

type Rate = (work: () => Promise<unknown>) => Promise<number>

/** Taking the old file's blocks away is no part of it. */
async function newFileRate(
  rate: Rate,
  path: string,
  work: (path: string) => Promise<unknown>,
): Promise<number> {
  rmSync(path, { force: true })
  return rate(() => work(path))
}

/** The image must be gone, or the engine has nothing to do. */
async function freshRate(lab: Lab, rate: Rate, work: () => Promise<unknown>): Promise<number> {
  await lab.docker('rmi', '-f', reference).catch(() => '')
  return rate(work)
}

async function ourSave(lab: Lab, path: string): Promise<void> {
  const what = { engine: lab.id, references: [reference], name: 'x.tar' }
  const bytes = await lab.far.save({ what: 'image', ...what }, path)
  if (bytes < layerBytes) throw new Error(`only ${bytes} bytes were saved`)
}

async function ourLoad(lab: Lab, tar: string): Promise<void> {
  const what = { engine: lab.id, name: 'x.tar', sizeBytes: statSync(tar).size, path: tar }
  const loaded = await lab.far.load(what)
  if (!loaded.includes(reference)) throw new Error(`loaded ${loaded.join(', ')}`)
}

/** Until the image stands in the list of a page, which sent it. */
function sentPairs(lab: Lab, rate: Rate, tar: string) {
  return withPage(lab.engine.host, async (page) => {
    await page.evaluate(() => (location.hash = '/images'))
    const row = page.getByRole('row', { name: reference.replace(/:.*/, '') })
    const send = async (): Promise<number> => {
      await lab.docker('rmi', '-f', reference).catch(() => '')
      await row.waitFor({ state: 'detached' })
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Load from file…' }).click()
      const chooser = await choosing
      return rate(async () => {
        await chooser.setFiles(tar)
        await row.waitFor()
      })
    }
    return pairs(9, () => freshRate(lab, rate, () => lab.docker('load', '-i', tar)), send)
  })
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
  try {
    return await pairs(
      9,
      () => fresh(() => lab.docker('pull', '-q', remote)),
      () => fresh(() => ourPull(lab, remote)),
    )
  } finally {
    await registry.stop()
  }
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
