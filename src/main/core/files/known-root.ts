import type { FileMount, FilePath, FilePlace } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'

/** Something that is mounted in a container, as its inspect tells. */
export interface KnownMount extends FileMount {
  readonly path: FilePath
  /** A volume of the local driver without options: its files are below the engine's data root. */
  readonly volume?: string
}

/** The root that a call is about, as the engine tells it now. */
export interface KnownRoot {
  readonly engine: EngineClient
  readonly kind: 'container' | 'volume'
  /** The whole id, or the volume's name. */
  readonly id: string
  /** Of the first process; 0 when it does not run. */
  readonly pid: number
  readonly mounts: readonly KnownMount[]
  readonly isReadOnly: boolean
  /** Its files are where the agent can reach them. */
  readonly isAgents: boolean
}

interface InspectedContainer {
  readonly Id: string
  readonly Driver?: string
  readonly State?: { readonly Pid?: number; readonly Running?: boolean }
  readonly HostConfig?: {
    readonly ReadonlyRootfs?: boolean
    readonly Tmpfs?: Readonly<Record<string, string>> | null
  }
  readonly Mounts?: readonly {
    readonly Type: string
    readonly Name?: string
    readonly Driver?: string
    readonly Source?: string
    readonly Destination: string
    readonly RW?: boolean
  }[]
  readonly HostsPath?: string
  readonly HostnamePath?: string
  readonly ResolvConfPath?: string
}

interface InspectedVolume {
  readonly Name: string
  readonly Driver?: string
  readonly Options?: Readonly<Record<string, string>> | null
}

export function knowRoot(
  engine: EngineClient,
  root: FilePlace['root'],
  signal: AbortSignal,
): Promise<KnownRoot> {
  return root.kind === 'volume' ? knowVolume(engine, root.id, signal) : knowContainer(engine, root.id, signal)
}

/** Where owners are not the host's numbers, or the engine's folders are not the host's, the Engine API serves. */
const isPlain = ({ facts }: EngineClient): boolean =>
  !facts.isPodman && !facts.isRootless && !/\/\d+\.\d+$/.test(facts.rootDir)

/** Of a container: where the agent finds its layers. The second is the snapshotter of containerd's image store. */
const agentsDrivers = new Set(['overlay2', 'overlayfs'])

async function knowVolume(engine: EngineClient, name: string, signal: AbortSignal): Promise<KnownRoot> {
  const volume = await engine.json<InspectedVolume>({ path: `/volumes/${pathPart(name)}`, signal })
  const isLocal = volume.Driver === 'local' && Object.keys(volume.Options ?? {}).length === 0
  return {
    ...{ engine, kind: 'volume', id: volume.Name, pid: 0, mounts: [], isReadOnly: false },
    isAgents: isLocal && isPlain(engine),
  }
}

async function knowContainer(engine: EngineClient, id: string, signal: AbortSignal): Promise<KnownRoot> {
  const found = await engine.json<InspectedContainer>({ path: `/containers/${pathPart(id)}/json`, signal })
  const pid = found.State?.Running ? (found.State.Pid ?? 0) : 0
  return {
    ...{ engine, kind: 'container', id: found.Id, pid, mounts: mountsOf(found) },
    isReadOnly: found.HostConfig?.ReadonlyRootfs === true,
    isAgents: isPlain(engine) && (pid > 0 || agentsDrivers.has(found.Driver ?? '')),
  }
}

function mountsOf(found: InspectedContainer): KnownMount[] {
  const mounts = (found.Mounts ?? []).map((mount): KnownMount => {
    const path = mount.Destination.replaceAll('\\', '\\x5c').replace(/(.)\/+$/, '$1')
    const isReadOnly = mount.RW === false
    if (mount.Type === 'volume')
      return { path, kind: 'volume', source: mount.Name ?? '', isReadOnly, ...volumeName(mount) }
    if (mount.Type === 'tmpfs') return { path, kind: 'tmpfs', isReadOnly }
    return { path, kind: 'bind', source: mount.Source ?? '', isReadOnly }
  })
  const known = new Set(mounts.map(({ path }) => path))
  for (const path of Object.keys(found.HostConfig?.Tmpfs ?? {}))
    if (!known.has(path)) mounts.push({ path, kind: 'tmpfs', isReadOnly: false })
  const own = {
    '/etc/hosts': found.HostsPath,
    '/etc/hostname': found.HostnamePath,
    '/etc/resolv.conf': found.ResolvConfPath,
  }
  for (const [path, source] of Object.entries(own))
    if (source && !known.has(path)) mounts.push({ path, kind: 'engine', isReadOnly: false })
  return mounts
}

const volumeName = (mount: { readonly Name?: string; readonly Driver?: string }): { volume?: string } =>
  mount.Driver === 'local' && mount.Name !== undefined ? { volume: mount.Name } : {}
