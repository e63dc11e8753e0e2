import { createHash } from 'node:crypto'
import { homedir, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

/** What decides where the data folder is: injected, so that tests need no real home. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  readonly home?: string
}

/**
 * The longest path that `bind` takes everywhere: `sun_path` is 104 bytes on macOS (108 on Linux), with
 * the final NUL.
 */
export const maxSocketPathBytes = 103

/** The longest socket name below the run folder: containerd's, under the private engine's exec root. */
const longestSocketName = '/engine/exec/containerd/containerd.sock.ttrpc'

/** `$SLIPWAY_HOME`, else where each system keeps what an app must not lose. */
export function dataDirOf(place: Place): string {
  const { env, platform = process.platform, home = homedir() } = place
  if (env['SLIPWAY_HOME']) return resolve(env['SLIPWAY_HOME'])
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Slipway')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Slipway')
  // The XDG rules say that a relative path is to be ignored.
  const xdg = env['XDG_DATA_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'slipway')
}

/** Every name on disk. `docs/on-disk.md` has a line for each. */
export interface Paths {
  readonly dataDir: string
  readonly settings: string
  readonly settingsLastGood: string
  /** Where an unreadable settings file is kept; `time` is a file-name safe stamp. */
  settingsBad(time: string): string
  readonly log: string
  readonly desktopLog: string
  readonly windowState: string
  /** Joins clients of this user to the one core of this data folder. A pipe name on Windows. */
  readonly coreSocket: string
  readonly serveToken: string
  readonly engine: EnginePaths
  /** A folder for each machine of ours. */
  readonly machines: string
  readonly machine: (id: string) => MachinePaths
  /** Machine images by the hash of their inputs. */
  readonly images: string
}

/** One machine of ours. What must last is in `dir`; what ends with its run in `run`, whose path is short. */
export interface MachinePaths {
  readonly dir: string
  readonly settings: string
  readonly settingsLastGood: string
  /** The data disk, unless the settings place it elsewhere. */
  readonly disk: string
  /** The disk's name in a folder that a person chose. */
  readonly diskName: string
  readonly state: string
  /** What the saved state is of; without it the state is no use. */
  readonly stateKey: string
  /** The settings and image that it was started with. */
  readonly started: string
  readonly userKey: string
  readonly hostKey: string
  readonly hostKeyPublic: string
  /** Keys and settings for the guest, appended to the initrd. */
  readonly config: string
  readonly boots: string
  readonly console: string
  readonly consoleBefore: string
  readonly log: string
  /** What the hypervisor itself said. */
  readonly hypervisorLog: string
  readonly snapshots: string
  /** What a stranger put into `dir`, while a reset takes the machine away. */
  readonly aside: string
  /** Makes the handles of its shared folders: the same over restarts of core. */
  readonly shareSecret: string
  /** Owners that were set inside of it for files of the host. */
  readonly shareFacts: string
  readonly run: string
  readonly qmp: string
  readonly engineSocket: string
  readonly pid: string
  /** The image's initramfs with the config behind it; there while the hypervisor starts. */
  readonly initrd: string
  /** Held by who starts the hypervisor: one at a time. */
  readonly startLock: string
  /** The road of a saved state, while it is saved or loaded. */
  readonly stateSocket: string
}

/** The private engine's own files. */
export interface EnginePaths {
  readonly dir: string
  readonly data: string
  readonly exec: string
  readonly socket: string
  readonly pid: string
  readonly log: string
  readonly config: string
  /** Its bridge, pool and firewall chain, so that a later core can take them away. */
  readonly network: string
}

export function pathsOf(dataDir: string, place: Place = { env: process.env }): Paths {
  const platform = place.platform ?? process.platform
  const runDir = runDirOf(dataDir, place)
  const engineDir = join(dataDir, 'engine')
  const engineRun = join(runDir, 'engine')
  return {
    dataDir,
    settings: join(dataDir, 'settings.json'),
    settingsLastGood: join(dataDir, 'settings.last-good.json'),
    settingsBad: (time) => join(dataDir, `settings.bad-${time}.json`),
    log: join(dataDir, 'logs', 'core.log'),
    desktopLog: join(dataDir, 'logs', 'desktop.log'),
    windowState: join(dataDir, 'window.json'),
    coreSocket:
      platform === 'win32' ? `\\\\.\\pipe\\slipway-${shortHash(dataDir)}` : join(runDir, 'core.sock'),
    serveToken: join(dataDir, 'serve.token'),
    engine: {
      dir: engineDir,
      data: join(engineDir, 'data'),
      exec: join(engineRun, 'exec'),
      socket: join(engineRun, 'docker.sock'),
      pid: join(engineRun, 'docker.pid'),
      log: join(dataDir, 'logs', 'engine.log'),
      config: join(engineDir, 'daemon.json'),
      network: join(engineDir, 'network.json'),
    },
    machines: join(dataDir, 'machines'),
    machine: (id) => machinePaths(join(dataDir, 'machines', id), join(runDir, 'machines', id), platform),
    images: join(dataDir, 'images'),
  }
}

function machinePaths(dir: string, run: string, platform: NodeJS.Platform): MachinePaths {
  const id = basename(dir)
  const socket = (name: string): string =>
    platform === 'win32' ? `\\\\.\\pipe\\slipway-${shortHash(dir)}-${name}` : join(run, `${name}.sock`)
  return {
    dir,
    settings: join(dir, 'machine.json'),
    settingsLastGood: join(dir, 'machine.last-good.json'),
    disk: join(dir, 'data.raw'),
    diskName: `slipway-${id}.raw`,
    state: join(dir, 'state.bin'),
    stateKey: join(dir, 'state.json'),
    started: join(dir, 'started.json'),
    userKey: join(dir, 'id_ed25519'),
    hostKey: join(dir, 'host_ed25519'),
    hostKeyPublic: join(dir, 'host_ed25519.pub'),
    config: join(dir, 'config.cpio'),
    boots: join(dir, 'boots.json'),
    console: join(dir, 'console.log'),
    consoleBefore: join(dir, 'console.1.log'),
    log: join(dir, 'machine.log'),
    hypervisorLog: join(dir, 'hypervisor.log'),
    snapshots: join(dir, 'snapshots'),
    aside: `${dir}.aside`,
    shareSecret: join(dir, 'share.key'),
    shareFacts: join(dir, 'share-facts.json'),
    run,
    qmp: socket('qmp'),
    engineSocket: socket('docker'),
    pid: join(run, 'vm.pid'),
    initrd: join(run, 'initrd.img'),
    startLock: join(run, 'start.lock'),
    stateSocket: socket('state'),
  }
}

/** The data folder where its sockets' paths are short enough, else a short folder of the same person. */
function runDirOf(dataDir: string, { env, platform = process.platform }: Place): string {
  if (platform === 'win32') return dataDir
  if (Buffer.byteLength(dataDir + longestSocketName) <= maxSocketPathBytes) return dataDir
  const uid = process.getuid?.() ?? 0
  const runtime = env['XDG_RUNTIME_DIR']
  const base = runtime?.startsWith('/') && runtime.length < 30 ? runtime : tmpdirShort()
  return join(base, `slipway-${uid}-${shortHash(dataDir)}`)
}

const tmpdirShort = (): string => (tmpdir().length < 30 ? tmpdir() : '/tmp')
const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
