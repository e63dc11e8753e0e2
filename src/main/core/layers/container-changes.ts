import { AppError } from '../../../shared/errors'
import type { ContainerChange, ContainerChanges, EngineId } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import { readAgentLayer, type AgentImage } from './agent-layers'
import type { ImageReader, LayersDeps } from './image-reader'
import { pathOf, stateAt, type PathNode } from './tree/image-tree'
import { childPath, type LayerNode } from './tree/layer-node'
import { nameText } from './tree/name-text'

/** No event tells of a file: looked at again for as long as somebody watches. */
const everyMs = 2000
/** A container that changed very much costs at most this part of the time. */
const share = 10
/** What a window can hold; more than these nobody reads. */
const maxChanges = 20_000

interface Watch extends LayersDeps {
  readonly reader: ImageReader
}

/** A container's changes against its image: at once, then at each change. Ends with an error when it is removed. */
export async function* watchChanges(
  deps: Watch,
  { engine: id, container }: { engine: EngineId; container: string },
  signal: AbortSignal,
): AsyncGenerator<ContainerChanges> {
  let told = ''
  for (;;) {
    const startedMs = performance.now()
    const now = await readChanges(deps, { engine: deps.engineOf(id), container }, signal)
    const text = JSON.stringify(now)
    if (text !== told) yield now
    told = text
    await pause(Math.max(everyMs, (performance.now() - startedMs) * share), signal)
  }
}

interface Asked {
  readonly engine: EngineClient
  readonly container: string
}

interface ContainerInspect {
  readonly Id: string
  readonly Image: string
}

export async function readChanges(
  { reader }: Pick<Watch, 'reader'>,
  { engine, container }: Asked,
  signal: AbortSignal,
): Promise<ContainerChanges> {
  const path = `/containers/${pathPart(container)}/json`
  const inspect = await engine.json<ContainerInspect>({ path, signal })
  const host = reader.agentImage(engine)
  if (host)
    try {
      return await walkUpper({ reader, engine, host }, inspect, signal)
    } catch (error) {
      signal.throwIfAborted()
      log.info('layers', 'the agent could not read a container', { engine: engine.id, error })
    }
  return fromApi(engine, inspect.Id, signal)
}

async function walkUpper(
  { reader, engine, host }: { reader: ImageReader; engine: EngineClient; host: AgentImage },
  { Id, Image }: ContainerInspect,
  signal: AbortSignal,
): Promise<ContainerChanges> {
  const image = await reader.read({ engine: engine.id, id: Image }, { signal })
  const { source } = image
  // Reading an image by `save` for this would cost more than the question is worth.
  if (source.road !== 'agent')
    throw new AppError('engine.unsupported', 'The agent does not find the layers of the image')
  const above = source.layers.at(-1)?.chainId ?? ''
  const upper = await readAgentLayer(host, { container: Id, above }, { signal })
  const found = new Changes(image.layers.length)
  found.folder(upper.root, image.tree.root, '/')
  return found.finish('agent')
}

/** What an upper folder says, against the image below it. */
class Changes {
  readonly #found: ContainerChange[] = []

  constructor(private readonly layers: number) {}

  folder(node: LayerNode, below: PathNode | undefined, path: string): void {
    if (node.more?.isOpaque) this.#hidden(node, below)
    for (const child of node.children?.values() ?? []) this.#child(child, below, childPath(path, child.name))
  }

  finish(road: 'agent' | 'api'): ContainerChanges {
    return cut(road, this.#found)
  }

  #child(node: LayerNode, parent: PathNode | undefined, path: string): void {
    const known = parent?.children?.get(node.name)
    const was = known && stateAt(known, this.layers)?.node
    const { kind } = node
    if (kind === 'removed') {
      if (was) this.#found.push({ path, change: 'removed', ...kindOf(was) })
      return
    }
    if (!was || !isSameFolder(node, was))
      this.#found.push({ path, change: was ? 'changed' : 'added', ...kindOf(node) })
    if (kind === 'folder') this.folder(node, known, path)
  }

  /** The folder was made anew: what it had before is gone, but for what it has again. */
  #hidden(node: LayerNode, below: PathNode | undefined): void {
    for (const child of below?.children?.values() ?? []) {
      const was = stateAt(child, this.layers)?.node
      if (was && !node.children?.has(child.name))
        this.#found.push({ path: pathOf(child), change: 'removed', ...kindOf(was) })
    }
  }
}

/** A folder is there for what is in it: it has changed when it is another folder to its users. */
const isSameFolder = (a: LayerNode, b: LayerNode): boolean =>
  a.kind === 'folder' && b.kind === 'folder' && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid

const kindOf = ({ kind, size }: LayerNode) => ({
  kind: kind === 'removed' ? ('unknown' as const) : kind,
  ...(kind === 'file' && { sizeBytes: size }),
})

interface ApiChange {
  readonly Path: string
  /** 0 changed, 1 added, 2 removed. */
  readonly Kind: number
}

const apiChanges = ['changed', 'added', 'removed'] as const

async function fromApi(engine: EngineClient, id: string, signal: AbortSignal): Promise<ContainerChanges> {
  const path = `/containers/${id}/changes`
  const said = (await engine.json<ApiChange[] | null>({ path, signal, timeoutMs: 120_000 })) ?? []
  // The engine says "changed" of each folder on the way to a change: told by the change itself.
  const onTheWay = new Set(said.map(({ Path }) => Path.slice(0, Path.lastIndexOf('/'))))
  const found: ContainerChange[] = []
  for (const { Path, Kind } of said) {
    const change = apiChanges[Kind]
    if (change === undefined || (change === 'changed' && onTheWay.has(Path))) continue
    found.push({ path: nameText(Buffer.from(Path)), change })
  }
  return cut('api', found)
}

function cut(road: 'agent' | 'api', found: ContainerChange[]): ContainerChanges {
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { kind: 'changes', road, changes: found.slice(0, maxChanges), isCut: found.length > maxChanges }
}
