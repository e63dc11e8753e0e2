import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Duplex, PassThrough, Readable, type Writable } from 'node:stream'
import { AppError, isCode } from '../../../shared/errors'
import { helperLabel, helperName, helperOwnerLabel } from '../../../shared/model'
import { log } from '../platform/log'
import { waitFor } from '../platform/wait-for'
import { helperImage, type HelperImage } from './helper-image'
import { logLines, type AgentBinary, type AgentRoad } from './road'

/** What the road needs of an engine. Areas are strangers: the engine's client has just these. */
export interface HelperEngine {
  readonly facts: { readonly rootDir: string }
  json<T>(request: HelperRequest): Promise<T>
  stream(request: HelperRequest & { upload?: Iterable<Uint8Array> }): Promise<Readable>
  hijack(request: HelperRequest): Promise<{ readonly stream: Duplex }>
}

interface HelperRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const repository = 'slipway-agent'
/** Where the host's folders stand in the container. */
const hostRoot = '/host'
/** Where the data root stands once more, for what changes files: what only reads cannot write by mistake. */
const writableRoot = '/writable'
/** The agent needs 8 MB; a search of a large file more. What leaks must hurt us, not the host. */
const memoryBytes = 256 * 1024 * 1024

export interface HelperDeps {
  readonly engine: HelperEngine
  readonly binary: AgentBinary
  /** Names this core on the engine. */
  readonly owner: string
  /** Splits the attached stream as the engine multiplexes it. */
  readonly demux: (stream: Duplex) => AsyncIterable<{ source: 'stdout' | 'stderr'; bytes: Buffer }>
}

/**
 * The agent as a container beside an engine: its image is made of the one program and sent through the API; it
 * has no network and no port and speaks over its attached streams. It ends with the stream and removes itself.
 */
export const helperRoad = (deps: HelperDeps): AgentRoad => ({
  kind: 'container',
  open: async (signal) => {
    const wanted = helperImage(repository, deps.binary.version, await readFile(deps.binary.path))
    await removeOurs(deps, wanted, signal)
    const image = await ensureImage(deps.engine, wanted, signal)
    const id = await create(deps, image, signal)
    try {
      return await attach(deps, id, signal)
    } catch (error) {
      await remove(deps.engine, id)
      throw error
    }
  },
})

/** Takes away what a core that died left: its containers, and images of other versions. */
async function removeOurs(
  { engine, owner }: HelperDeps,
  wanted: HelperImage,
  signal: AbortSignal,
): Promise<void> {
  await removeContainers({ engine, owner }, signal)
  const images = await imagesOfOurs(engine, signal)
  for (const id of images) if (!wanted.ids.includes(id)) await removeImage(engine, id)
}

/** Takes away all of ours: the person wants no agent there. An image that another core's agent runs on stays. */
export async function removeAll(deps: Pick<HelperDeps, 'engine' | 'owner'>): Promise<void> {
  await removeContainers(deps)
  for (const id of await imagesOfOurs(deps.engine)) await removeImage(deps.engine, id)
}

/** Any image may have the label: one that has another name, too, is a person's. */
async function imagesOfOurs(engine: HelperEngine, signal?: AbortSignal): Promise<readonly string[]> {
  const images = await engine.json<{ Id: string; RepoTags: string[] | null }[]>({
    path: '/images/json',
    query: { filters: { label: [`${helperLabel}=agent`] } },
    ...(signal && { signal }),
  })
  const isOurs = (tag: string): boolean => tag.startsWith(`${repository}:`) || tag === '<none>:<none>'
  return images.filter(({ RepoTags }) => (RepoTags ?? []).every(isOurs)).map(({ Id }) => Id)
}

const removeImage = (engine: HelperEngine, id: string): Promise<unknown> =>
  engine
    .json({ method: 'DELETE', path: `/images/${encodeURIComponent(id)}` })
    // Another core's agent may run on it.
    .catch((error: unknown) => log.debug('agent', 'an image of the agent stays', { error }))

async function removeContainers(
  { engine, owner }: Pick<HelperDeps, 'engine' | 'owner'>,
  signal?: AbortSignal,
): Promise<void> {
  const filters = { label: [`${helperLabel}=agent`, `${helperOwnerLabel}=${owner}`] }
  const containers = await engine.json<{ Id: string }[]>({
    path: '/containers/json',
    query: { all: 1, filters },
    ...(signal && { signal }),
  })
  for (const { Id } of containers) await remove(engine, Id)
}

/** The image's id on this engine. It is asked for by that alone: whoever loads an image may give it our name. */
async function ensureImage(engine: HelperEngine, wanted: HelperImage, signal: AbortSignal): Promise<string> {
  const before = await idThere(engine, wanted, signal)
  if (before) return before
  const answer = await engine.stream({
    method: 'POST',
    path: '/images/load',
    query: { quiet: 1 },
    upload: [wanted.tar],
    signal,
  })
  let said = ''
  for await (const chunk of answer) said = (said + String(chunk)).slice(-4096)
  const loaded = await idThere(engine, wanted, signal)
  if (loaded) return loaded
  const detail = /"error":"([^"]*)"/.exec(said)?.[1] ?? 'it is not there under its own id'
  throw new AppError('engine.failed', `The engine did not take the agent's image: ${detail}`, {
    facts: { detail },
  })
}

async function idThere(
  engine: HelperEngine,
  { ids }: HelperImage,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const id of ids) {
    try {
      const { Id } = await engine.json<{ Id: string }>({
        path: `/images/${encodeURIComponent(id)}/json`,
        signal,
      })
      if (Id === id) return id
    } catch (error) {
      if (!isCode(error, 'object.not-found')) throw error
    }
  }
  return undefined
}

async function create({ engine, owner }: HelperDeps, image: string, signal: AbortSignal): Promise<string> {
  const { rootDir } = engine.facts
  const body = {
    Image: image,
    Entrypoint: [`/${repository}`],
    Cmd: ['-host', hostRoot, '-cgroups', `${hostRoot}/sys/fs/cgroup`, '-writable', writableRoot],
    Labels: { [helperLabel]: 'agent', [helperOwnerLabel]: owner },
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, OpenStdin: true, StdinOnce: true },
    HostConfig: hostConfig(rootDir),
  }
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    query: { name: `${helperName('agent')}${randomBytes(6).toString('hex')}` },
    body,
    signal,
  })
  return Id
}

/** Each right has its reason in docs/decisions/0011: what is added here is added there. */
const hostConfig = (rootDir: string) => ({
  ...{ AutoRemove: true, NetworkMode: 'none', PidMode: 'host', CgroupnsMode: 'host', UsernsMode: 'host' },
  ...{ ReadonlyRootfs: true, Memory: memoryBytes, LogConfig: { Type: 'none' } },
  CapDrop: ['ALL'],
  CapAdd: ['SYS_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH', ...capabilitiesOfContainers],
  SecurityOpt: ['apparmor=unconfined', 'seccomp=unconfined', 'label=disable'],
  Binds: [
    `/sys/fs/cgroup:${hostRoot}/sys/fs/cgroup:ro`,
    `${rootDir}:${hostRoot}${rootDir}:ro`,
    `${rootDir}:${writableRoot}${rootDir}`,
    `/sys/fs/cgroup:${writableRoot}/sys/fs/cgroup`,
  ],
})

/** What an engine gives to containers by itself: a terminal's program in one gets no more than its giver has. */
const capabilitiesOfContainers = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'SETFCAP'],
  ...['NET_BIND_SERVICE', 'NET_RAW', 'SYS_CHROOT', 'MKNOD', 'AUDIT_WRITE'],
]

/** Attaches first, then starts: no byte of the agent's is lost. */
async function attach({ engine, demux }: HelperDeps, id: string, signal: AbortSignal): Promise<Duplex> {
  const query = { stream: 1, stdin: 1, stdout: 1, stderr: 1 }
  const { stream } = await engine.hijack({ method: 'POST', path: `/containers/${id}/attach`, query, signal })
  try {
    await engine.json({ method: 'POST', path: `/containers/${id}/start`, signal })
  } catch (error) {
    stream.destroy()
    throw error
  }
  return demuxed(stream, demux(stream))
}

function demuxed(stream: Duplex, pieces: ReturnType<HelperDeps['demux']>): Duplex {
  const words = new PassThrough()
  logLines(words)
  async function* frames(): AsyncGenerator<Buffer> {
    for await (const { source, bytes } of pieces)
      if (source === 'stdout') yield bytes
      else words.write(bytes)
  }
  const road = Duplex.from({ readable: Readable.from(frames()), writable: stream as Writable })
  // The road tells its end; the stream below it has nothing to add.
  stream.on('error', () => undefined)
  // The end of its input ends the agent, and the engine removes its container.
  road.once('close', () => stream.destroy())
  return road
}

async function remove(engine: HelperEngine, id: string): Promise<void> {
  await engine
    .json({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } })
    .catch((error: unknown) => log.debug('agent', 'the helper was gone', { error }))
  // Another removal of it may be under way: its image can go only after it.
  await waitFor(() => isGone(engine, id), { timeoutMs: 10_000, what: 'the helper to go' }).catch(
    (error: unknown) => log.warn('agent', 'the helper stays', { error }),
  )
}

/** An engine that answers nothing has none that anybody could wait for. */
const isGone = (engine: HelperEngine, id: string): Promise<boolean> =>
  engine.json({ path: `/containers/${id}/json` }).then(
    () => false,
    () => true,
  )
