import { randomBytes } from 'node:crypto'
import { agentBinary } from '../../testing/agent/agent-binary'
import { loadImage } from '../../testing/engine/images'
import type { TarEntry } from '../../testing/engine/tar'
import { connectAgent } from '../../src/main/core/agent/agent-client'
import { childRoad } from '../../src/main/core/agent/road'
import { dialAddress } from '../../src/main/core/engine/dial'
import { connectEngine } from '../../src/main/core/engine/engine-client'
import { createLayers } from '../../src/main/core/layers/layer-handlers'
import { run } from '../../src/main/core/platform/child'
import type { Lab, Row } from '../lab'
import { judge, pairs, timed, type Result } from '../measure'

const manyFiles = 'slipway-bench/many-files:latest'
const manyBytes = 'slipway-bench/many-bytes:latest'

/** The layer tree of an image, read anew each time, against `docker save` and a walk of the tars in it. */
export const layerTrees: Row = {
  name: 'layers',
  run: async (lab) => {
    await loadImage(lab.engine.socket, { reference: manyFiles, layers: tenThousandFiles() })
    const files = await readings(lab, { id: manyFiles, entries: 10_000, goal: 12 }, 'of 10,000 files')
    await loadImage(lab.engine.socket, { reference: manyBytes, layers: manyMegabytes() })
    return [...files, ...(await readings(lab, { id: manyBytes, entries: 20, goal: 100 }, 'of 404 MB'))]
  },
}

/** 37 MB in all. */
function tenThousandFiles(): TarEntry[][] {
  const data = Buffer.alloc(3700, 'x')
  const folders = Array.from({ length: 100 }, (_, n): TarEntry => ({ name: `f${n}/`, isFolder: true }))
  const layer = (of: number): TarEntry[] =>
    folders.flatMap((folder) => [
      folder,
      ...Array.from({ length: 25 }, (_, n): TarEntry => ({ name: `${folder.name}${of}-${n}`, data })),
    ])
  return [0, 1, 2, 3].map(layer)
}

/** Twenty layers, half of them random. */
function manyMegabytes(): TarEntry[][] {
  const bytes = 20_200_000
  return Array.from({ length: 20 }, (_, n): TarEntry[] => [
    { name: `file-${n}`, data: n % 2 === 0 ? randomBytes(bytes) : Buffer.alloc(bytes, n) },
  ])
}

async function readings(
  lab: Lab,
  { id, entries, goal }: { id: string; entries: number; goal: number },
  what: string,
): Promise<Result[]> {
  const { signal } = new AbortController()
  const dial = dialAddress({ kind: 'unix', path: lab.engine.socket })
  const engine = await connectEngine({ id: lab.id, dial, address: lab.engine.host, signal })
  const agent = await connectAgent(await childRoad(agentBinary()).open(signal))
  /** A core that has seen nothing yet: what is kept from before would make it a look-up. */
  const ours = async (hasAgent: boolean): Promise<void> => {
    const { handlers } = createLayers({
      engineOf: () => engine,
      agentFor: () => (hasAgent ? agent : undefined),
    })
    const ref = { engine: lab.id, id }
    const input = (async function* () {})()
    for await (const item of handlers['layers.read'](ref, { signal, input })) {
      if (item.kind !== 'ready') continue
      const { road, entries: count, layers } = item.summary
      if (count < entries || (road === 'agent') !== hasAgent) throw new Error(`${count} entries by ${road}`)
      const place = { ...ref, layer: layers.length - 1, view: 'sum' as const, path: '/' }
      const asked = { sort: 'size' as const, changes: [], text: '', offset: 0, limit: 1000 }
      await handlers['layers.children']({ ...place, ...asked }, signal)
    }
  }
  const saved = await layersOf(lab, id)
  const peer = (): Promise<number> => timed(() => saveAndWalk(lab, saved))
  try {
    const byAgent = await pairs(7, peer, () => timed(() => ours(true)))
    const bySave = await pairs(5, peer, () => timed(() => ours(false)))
    const row = `layer tree ${what}, against docker save and a tar walk`
    return [
      judge({ row, unit: 'ms' }, byAgent, { atLeast: goal }),
      judge({ row: `${row}, without an agent`, unit: 'ms' }, bySave, { atMost: 1.5 }),
    ]
  } finally {
    agent.close()
    engine.close()
  }
}

/** Native `tar` twice: the image's own, and the layers in it, one after the other. */
async function saveAndWalk(lab: Lab, { id, layers }: Saved): Promise<void> {
  const said = await sh(lab, `docker save ${id} | tar -xO ${layers.join(' ')} | tar -tvi | wc -l`)
  if (Number(said) < 20) throw new Error(`the peer counted ${said}`)
}

interface Saved {
  readonly id: string
  /** Their paths in the archive: engines before 25 have other ones. */
  readonly layers: readonly string[]
}

async function layersOf(lab: Lab, id: string): Promise<Saved> {
  const [image] = JSON.parse(await sh(lab, `docker save ${id} | tar -xO manifest.json`)) as {
    readonly Layers: readonly string[]
  }[]
  return { id, layers: image?.Layers ?? [] }
}

async function sh(lab: Lab, script: string): Promise<string> {
  const env = { ...process.env, DOCKER_HOST: lab.engine.host }
  const { code, stdout, stderr } = await run('sh', ['-c', script], { env })
  if (code !== 0) throw new Error(stderr)
  return stdout
}
