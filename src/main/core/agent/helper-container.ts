import { randomBytes } from 'node:crypto'
import { Duplex, PassThrough, Readable, type Writable } from 'node:stream'
import { isCode } from '../../../shared/errors'
import { helperLabel, helperName, helperOwnerLabel } from '../../../shared/model'
import { log } from '../platform/log'
import { waitFor } from '../platform/wait-for'
import { ensureImage, removeImages, repository } from './ensure-image'
import type { HelperEngine } from './helper-engine'
import { logLines, type AgentBinary, type AgentRoad } from './road'

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
    // What a core that died left.
    await removeContainers(deps, signal)
    const image = await ensureImage(deps, signal)
    const id = await create(deps, image, signal)
    try {
      return await attach(deps, id, signal)
    } catch (error) {
      await remove(deps.engine, id)
      throw error
    }
  },
})

/** Takes away all of ours: the person wants no agent there. An image that another core's agent runs on stays. */
export async function removeAll(deps: Pick<HelperDeps, 'engine' | 'owner'>): Promise<void> {
  await removeContainers(deps)
  await removeImages(deps.engine)
}

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

async function create(deps: HelperDeps, image: string, signal: AbortSignal): Promise<string> {
  const without = { image, mounts: [], signal }
  if (!mayUseHosts(deps.engine.facts.containerd)) return createWith(deps, without)
  try {
    return await createWith(deps, { ...without, mounts: containerdMounts })
  } catch (error) {
    // There is no such folder: the engine has a containerd of its own, below its data root.
    if (!isCode(error, 'request.invalid')) throw error
    log.info('agent', 'the host has no containerd', { error })
    return createWith(deps, without)
  }
}

/** Whether the engine's images may be with the host's containerd; engines before 27 do not tell which one is theirs. */
const mayUseHosts = (containerd: HelperEngine['facts']['containerd']): boolean =>
  containerd !== undefined && /^(\/var)?\/run\/containerd\/|^$/.test(containerd.address ?? '')

interface Made {
  readonly image: string
  readonly mounts: readonly object[]
  readonly signal: AbortSignal
}

async function createWith({ engine, owner }: HelperDeps, { image, mounts, signal }: Made): Promise<string> {
  const body = {
    Image: image,
    Entrypoint: [`/${repository}`],
    Cmd: ['-host', hostRoot, '-cgroups', `${hostRoot}/sys/fs/cgroup`, '-writable', writableRoot],
    Labels: { [helperLabel]: 'agent', [helperOwnerLabel]: owner },
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, OpenStdin: true, StdinOnce: true },
    HostConfig: { ...hostConfig(engine.facts.rootDir), Mounts: mounts },
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

/** Where the host's containerd keeps them. As a mount, not a bind: that would make the folder where there is none. */
const containerdMounts = [
  { root: hostRoot, ReadOnly: true },
  { root: writableRoot, ReadOnly: false },
].map(({ root, ReadOnly }) => ({
  ...{ Type: 'bind', Source: '/var/lib/containerd', Target: `${root}/var/lib/containerd`, ReadOnly },
}))

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
