import { constants } from 'node:fs'
import { access, readlink } from 'node:fs/promises'
import { delimiter, join, sep } from 'node:path'
import { AppError, toWire, type WireError } from '../../../../shared/errors'
import type { EngineAddress, EngineOrigin, Road } from '../../../../shared/model'
import { currentContext, dockerHost } from './docker-context'

type Env = Readonly<Record<string, string | undefined>>

/** What the search needs of the world: all of it given, so that tests see no engine but their own. */
export interface Surroundings {
  readonly env: Env
  readonly home: string
  readonly uid: number
  /** Asks an address whether an engine is there; throws with a code of `engine.*`. Has its own deadline. */
  readonly probe: (address: EngineAddress, signal?: AbortSignal) => Promise<void>
  /** Where the usual sockets are; the system's own unless told. */
  readonly sockets?: { readonly rootful: string; readonly podman: string }
  /** Sockets below this folder are our machines': these stand in the list already, whatever leads to them. */
  readonly ownSockets?: string
  /** `private` takes the engine that core starts itself although others answer. */
  readonly choice: 'auto' | 'private'
}

export interface Taken {
  readonly origin: EngineOrigin
  /** Absent for the private engine: its machine knows. */
  readonly address?: EngineAddress
  readonly name: string
}

export interface Found {
  readonly taken?: Taken
  readonly roads: readonly Road[]
}

interface Candidate {
  readonly road: Road['road']
  readonly origin: EngineOrigin
  readonly name: string
  readonly tried: string
  /** `undefined`: this road does not exist here. */
  readonly address: () => Promise<EngineAddress | undefined>
}

const installCommand = 'sudo apt-get install -y docker.io'

/** Goes the roads in their order and takes the first that answers. Every road is told, also those not gone. */
export async function findEngines(around: Surroundings, signal?: AbortSignal): Promise<Found> {
  const roads: Road[] = []
  let taken: Taken | undefined
  for (const candidate of candidates(around)) {
    if (taken || around.choice === 'private') {
      roads.push({ road: candidate.road, tried: candidate.tried, outcome: 'not-tried' })
      continue
    }
    const { road, address } = await go(candidate, around, signal)
    roads.push(road)
    if (address) taken = { origin: candidate.origin, address, name: candidate.name }
  }
  const own = await privateRoad(around, taken !== undefined)
  roads.push(...own)
  if (!taken && own[0]?.outcome === 'taken') taken = { origin: 'private', name: 'Slipway' }
  return taken ? { taken, roads } : { roads }
}

function candidates({ env, home, uid, sockets }: Surroundings): Candidate[] {
  const unix = (path: string): Pick<Candidate, 'tried' | 'address'> => ({
    tried: `unix://${path}`,
    address: () => Promise.resolve({ kind: 'unix', path }),
  })
  const runtime = env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`
  const docker: Candidate[] = [
    {
      road: 'docker-host',
      origin: 'docker-host',
      name: 'DOCKER_HOST',
      tried: env['DOCKER_HOST'] ?? 'DOCKER_HOST',
      address: () => dockerHost(env, home),
    },
    {
      road: 'docker-context',
      origin: 'docker-context',
      name: env['DOCKER_CONTEXT'] ?? 'docker context',
      tried: env['DOCKER_CONTEXT'] ?? 'docker context',
      address: async () => (await currentContext(env, home))?.address,
    },
  ]
  const socket = (road: Road['road'], name: string, path: string): Candidate => ({
    ...unix(path),
    road,
    origin: 'socket',
    name,
  })
  return [
    ...docker,
    socket('rootful-socket', 'Docker', sockets?.rootful ?? '/var/run/docker.sock'),
    socket('rootless-socket', 'Docker (rootless)', join(runtime, 'docker.sock')),
    socket('podman-socket', 'Podman', join(runtime, 'podman', 'podman.sock')),
    socket('podman-socket', 'Podman', sockets?.podman ?? '/run/podman/podman.sock'),
  ]
}

async function go(
  candidate: Candidate,
  around: Surroundings,
  signal?: AbortSignal,
): Promise<{ road: Road; address?: EngineAddress }> {
  const { road } = candidate
  let tried = candidate.tried
  try {
    const address = await candidate.address()
    if (!address) return { road: { road, tried, outcome: 'absent' } }
    tried = addressText(address)
    if (await isOwnSocket(address, around)) return { road: { road, tried, outcome: 'absent' } }
    await around.probe(address, signal)
    return { road: { road, tried, outcome: 'taken' }, address }
  } catch (thrown) {
    signal?.throwIfAborted()
    const error = toWire(thrown)
    const isSocket = candidate.origin === 'socket'
    // A usual socket that is not there is nothing to mend: no such engine is installed.
    if (isSocket && error.code === 'engine.socket-missing')
      return { road: { road, tried, outcome: 'absent', error } }
    const mend = mendOf(road, error)
    return { road: { road, tried, outcome: 'failed', error, ...(mend && { mend }) } }
  }
}

/** The link at the usual place, our own docker context: roads to a machine of ours. */
async function isOwnSocket(address: EngineAddress, { ownSockets }: Surroundings): Promise<boolean> {
  if (address.kind !== 'unix' || ownSockets === undefined) return false
  const to = await readlink(address.path).catch(() => address.path)
  return to.startsWith(ownSockets + sep)
}

export function addressText(address: EngineAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  if (address.kind === 'ssh')
    return `ssh://${address.user ? `${address.user}@` : ''}${host}${address.port ? `:${address.port}` : ''}`
  return `tcp://${host}:${address.port}`
}

/** The command that mends a road, where one does. A new group counts from the next login on. */
export function mendOf(road: Road['road'], error: WireError): string | undefined {
  // A socket that is there and closed to this person: its group is the key, whoever named the socket.
  if (error.code === 'engine.forbidden' && road !== 'podman-socket') return 'sudo usermod -aG docker "$USER"'
  if (road === 'docker-host') return 'unset DOCKER_HOST'
  if (road === 'docker-context') return 'docker context use default'
  if (road === 'rootful-socket') return 'sudo systemctl start docker'
  if (road === 'rootless-socket') return 'systemctl --user start docker'
  return error.code === 'engine.forbidden' ? 'sudo systemctl stop podman.socket' : podmanCommand
}
const podmanCommand = 'systemctl --user enable --now podman.socket'

/** The roads of last resort: the engine that core runs itself, and how to get one. */
async function privateRoad({ env, uid }: Surroundings, isTaken: boolean): Promise<Road[]> {
  const own = { road: 'private-engine', tried: 'dockerd' } as const
  const install = { road: 'install', tried: 'apt-get', mend: installCommand } as const
  const notTried = { outcome: 'not-tried' } as const
  if (isTaken)
    return [
      { ...own, ...notTried },
      { ...install, ...notTried },
    ]
  const path = await which('dockerd', env)
  if (path === undefined) return [{ ...own, outcome: 'absent' }, await installRoad(env)]
  if (uid === 0)
    return [
      { ...own, tried: path, outcome: 'taken' },
      { ...install, ...notTried },
    ]
  const error = toWire(
    new AppError('engine.forbidden', 'Only root may run dockerd', { facts: { path, group: 'root' } }),
  )
  return [
    { ...own, tried: path, outcome: 'failed', error, mend: 'sudo systemctl start docker' },
    { ...install, ...notTried },
  ]
}

async function installRoad(env: Env): Promise<Road> {
  const apt = await which('apt-get', env)
  if (!apt) return { road: 'install', tried: 'apt-get', outcome: 'absent' }
  // `npm start` does this, with a word before it: a running app installs nothing.
  return { road: 'install', tried: apt, outcome: 'not-tried', mend: installCommand }
}

/** As a shell finds it, with the system folders that a plain user's PATH lacks. */
export async function which(program: string, env: Env): Promise<string | undefined> {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/sbin', '/sbin']
  for (const folder of folders) {
    const path = join(folder, program)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}
