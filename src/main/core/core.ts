import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Handlers, PushName, Pushes } from '../../shared/contract'
import type { CoreTransport } from '../../shared/contract/wire'
import type { EngineAddress, EngineId } from '../../shared/model'
import { Cleanup } from '../../shared/std/cleanup'
import { Emitter } from '../../shared/std/emitter'
import { firstNotice } from './wiring/first-notice'
import { helperOwner } from './wiring/helper-owner'
import { AgentParts } from './wiring/agent-parts'
import type { AgentPrograms } from './wiring/agent-programs'
import { appInfo } from './app-info'
import { appVersion } from './app-version'
import { downloadHandlers } from './api/downloads'
import { withUploads } from './api/uploads'
import { joinOrStart, type CoreAccess } from './api/join-core'
import { serveClient, type OnPush } from './api/serve-client'
import { diagnosticsHandlers } from './diagnostics/diagnostics-handlers'
import { containerHandlers } from './containers/container-handlers'
import { Files } from './files/file-handlers'
import { dockerEnv, isOnThisHost, namesIn } from './wiring/engine-words'
import type { Names } from '../../shared/commands'
import { Activity } from './history/activity'
import { activityHandlers, recordActions, taskFor } from './history/record-actions'
import { identifyWith, type Identify } from './wiring/identify'
import { hostHandlers } from './host/host-handlers'
import { imageHandlers } from './images/images'
import { pullImage } from './images/pull'
import { saveImages } from './images/tar-transfer'
import { Inventory } from './inventory/inventory'
import { joinParts, type JoinedParts, type Push } from './wiring/join-parts'
import { inventoryHandlers } from './inventory/inventory-handlers'
import { createLayers, type Layers } from './layers/layer-handlers'
import { logHandlers, readLogText } from './logs/log-handlers'
import { machineHandlers } from './machines/machine-handlers'
import type { Surroundings } from './machines/local/find-engines'
import { Machines } from './machines/machines'
import type { IdleClock } from './machines/vm/run/idle-saver'
import { diagnosticsParts } from './wiring/diagnostics-parts'
import { downloadTasks } from './wiring/download-tasks'
import { hypervisors, type Hypervisors } from './wiring/hypervisors'
import { ownSockets, VmParts } from './wiring/vm-parts'
import { defaultSocket } from './sockets/default-socket'
import { networkHandlers } from './networks/networks'
import { log } from './platform/log'
import { dataDirOf, pathsOf, type Paths } from './platform/paths'
import { registryHandlers } from './registries/registries'
import { createAuthHeaderFor } from './registries/registry-auth'
import { RemoteParts } from './wiring/remote-parts'
import { resetOf } from './wiring/reset-parts'
import { settingsHandlers } from './settings/settings-handlers'
import { SettingsStore } from './settings/settings-store'
import { shellsIn } from './wiring/shell-of'
import { statsHandlers } from './stats/stats-watch'
import { createTerminals } from './terminal/terminal'
import { volumeHandlers } from './volumes/volumes'

export { joinCore, type CoreAccess } from './api/join-core'

export interface CoreOptions {
  readonly host: 'desktop' | 'serve'
  /** Default: by the environment. */
  readonly dataDir?: string
  readonly env?: NodeJS.ProcessEnv
  /** Also to stderr. */
  readonly mirrorLog?: boolean
  /** What else of the host the search for an engine sees: for tests, which must not find a real one. */
  readonly surroundings?: Partial<Omit<Surroundings, 'env' | 'choice'>>
  /** Other hypervisors and images than this system's, and another clock: for tests. */
  readonly vms?: Partial<Hypervisors> & { readonly idleClock?: IdleClock }
  /** Other programs to put beside engines than those that were built: for tests. */
  readonly agentPrograms?: AgentPrograms
}

/** A running core: what the faces of this process get. */
export interface Core {
  readonly handlers: Handlers
  readonly onPush: OnPush
  readonly paths: Paths
  /** Serves a client until its transport closes. */
  accept(transport: CoreTransport): void
  push<N extends PushName>(name: N, value: Pushes[N]): void
  /** Ends everything in order. The private engine goes too, unless the settings keep it. */
  close(): Promise<void>
}

/** Joins the core of the data folder, or becomes it: one core a person and folder. */
export function joinOrStartCore(options: CoreOptions): Promise<CoreAccess> {
  const paths = pathsFor(options)
  return joinOrStart({ socketPath: paths.coreSocket, start: () => startCore(options) })
}

function pathsFor({ dataDir, env = process.env }: CoreOptions): Paths {
  return pathsOf(dataDir ?? dataDirOf({ env }), { env })
}

/** Makes all parts and joins them. The data folder must have been claimed, or be a test's own. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { env = process.env } = options
  const paths = pathsFor(options)
  mkdirSync(paths.dataDir, { recursive: true, mode: 0o700 })
  log.open(paths.log, { mirror: options.mirrorLog ?? false })
  const settings = await SettingsStore.open(paths)
  const pushes = new Emitter<Push>()
  const home = env['HOME'] ?? homedir()
  const inventory = new Inventory()
  const vms = await VmParts.open({
    ...{ paths, env, home, inventory },
    defaultSocket: options.surroundings?.sockets?.rootful ?? defaultSocket,
    ...(await hypervisors({ paths, env })),
    ...options.vms,
  })
  const remotes = new RemoteParts({ home, env })
  const identify = identifyWith(remotes)
  const machines = machinesFor(options, { paths, settings, vms, remotes, identify })
  const agents = agentsFor(options, { paths, settings, inventory, machines, vms })
  const withoutFiles = {
    ...{ options, env, paths, settings, pushes, vms, remotes, identify, inventory, machines, agents },
    activity: new Activity(),
    layers: createLayers({ engineOf: inventory.engineOf, agentFor: agents.agents.agentFor }),
  }
  const parts: Parts = { ...withoutFiles, files: filesFor(withoutFiles) }
  const cleanup = new Cleanup()
  cleanup.add(() => log.close())
  cleanup.add(() => settings.close())
  cleanup.add(() => parts.machines.close(settings.current.keepPrivateEngine))
  cleanup.add(() => vms.close())
  cleanup.add(() => remotes.remotes.close())
  cleanup.add(() => parts.inventory.close())
  cleanup.add(() => agents.close())
  cleanup.add(() => parts.files.close())
  const terminals = createTerminals({
    engineOf: parts.inventory.engineOf,
    agentFor: agents.agents.agentFor,
    dockerEnvOf: (id) => dockerEnv(engineById(parts.machines, id)?.address),
    shellOf: shellsIn({ machines: parts.machines, vms: vms.machines, remotes: remotes.remotes }),
  })
  cleanup.add(() => terminals.closeAll())
  cleanup.add(() => parts.activity.close())
  joinParts(parts, cleanup)
  cleanup.add(
    parts.machines.onChanged(({ engines }) => {
      remotes.keepOnly(engines.map(({ address }) => address))
      agents.keepOnly(engines)
    }),
  )
  const handlers = withUploads({ ...serviceHandlers(parts), ...terminals.handlers })
  const onPush: OnPush = (listener) => pushes.on(({ name, value }) => listener(name, value))
  const core = coreOf({ handlers, onPush, parts, cleanup })
  const isUsed = (id: EngineId): boolean => parts.activity.isBusy(id) || terminals.isOpenIn(id)
  vms.begin({ inventory: parts.inventory, isTaskOn: isUsed })
  void parts.machines.find().catch((error: unknown) => log.warn('core', 'no road was gone', { error }))
  return core
}

interface Parts extends JoinedParts {
  readonly options: CoreOptions
  readonly env: NodeJS.ProcessEnv
  readonly paths: Paths
  readonly remotes: RemoteParts
  readonly agents: AgentParts
  readonly layers: Layers
  readonly identify: Identify
}

function coreOf(made: { handlers: Handlers; onPush: OnPush; parts: Parts; cleanup: Cleanup }): Core {
  const { handlers, onPush, parts, cleanup } = made
  const reportBug = (what: string, error: unknown): void => log.error('core', what, { error })
  const clients = new Set<() => void>()
  // Last added, so first to go: nobody asks a core that is ending.
  cleanup.add(() => clients.forEach((end) => end()))
  return {
    handlers,
    onPush,
    paths: parts.paths,
    accept: (transport) => {
      const end = serveClient(transport, handlers, { onPush, reportBug })
      clients.add(end)
      transport.onClose(() => clients.delete(end))
    },
    push: (name, value) => parts.pushes.emit({ name, value } as Push),
    close: () => cleanup.close(),
  }
}

function machinesFor(
  options: CoreOptions,
  {
    paths,
    settings,
    vms,
    remotes,
    identify,
  }: Pick<Parts, 'paths' | 'settings' | 'vms' | 'remotes' | 'identify'>,
): Machines {
  const { env = process.env } = options
  const probe = async (address: EngineAddress, signal?: AbortSignal): Promise<void> => {
    await identify(address, signal)
  }
  return new Machines({
    paths: paths.engine,
    surroundings: {
      ...{ env, home: env['HOME'] ?? homedir(), uid: process.getuid?.() ?? -1, probe },
      ownSockets: ownSockets(paths),
      ...options.surroundings,
    },
    choice: () => settings.current.localEngine,
    added: () => settings.current.engines,
    vms: vms.engines,
    dialOf: remotes.dialOf,
  })
}

const agentsFor = (
  { env = process.env, surroundings, agentPrograms }: CoreOptions,
  parts: Pick<Parts, 'paths' | 'settings' | 'inventory' | 'machines' | 'vms'>,
): AgentParts =>
  new AgentParts({
    ...{ env, owner: helperOwner(parts.paths.dataDir), uid: surroundings?.uid ?? process.getuid?.() ?? -1 },
    ...{ inventory: parts.inventory, settings: parts.settings, vms: parts.vms.machines },
    engineById: (id) => engineById(parts.machines, id),
    ...(agentPrograms && { programs: agentPrograms }),
  })

type ServiceHandlers = Omit<Handlers, `${'terminal' | 'uploads'}.${string}`>

/** What a person does: each stands in Activity as a task. */
function actionHandlers(parts: Parts, names: Names) {
  const { settings, inventory, activity, machines, vms, env, remotes, identify } = parts
  const { engineOf, rows: rowsOf, wholeRows: wholeRowsOf } = inventory
  const authHeaderFor = createAuthHeaderFor({ env })
  return {
    ...containerHandlers({
      ...{ engineOf, rowsOf },
      engineIds: () => inventory.engines.map(({ id }) => id),
      isOnThisHost: (id) => isOnThisHost(engineById(machines, id)?.address),
      progressOf: (signal) => activity.progressOf(signal),
      pull: async (engine, reference, more) => {
        await pullImage(engine, reference, { authHeaderFor, ...more })
      },
    }),
    ...imageHandlers({
      ...{ engineOf, rowsOf, wholeRowsOf, authHeaderFor },
      startTask: ({ kind, args, subject }, work) =>
        activity.start({ ...taskFor(kind, args, names), subject }, work),
    }),
    ...volumeHandlers({
      ...{ engineOf, rowsOf, wholeRowsOf },
      letGo: (engine, volume) => parts.files.letGo(engine, volume),
    }),
    ...parts.files.handlers(),
    ...networkHandlers({
      ...{ engineOf, rowsOf, wholeRowsOf },
      readContainer: (ref) => inventory.read(ref, 'containers'),
    }),
    ...machineHandlers({
      machines,
      addEngine: (engine) => settings.addEngine(engine),
      removeEngine: (id) => settings.removeEngine(id),
      test: identify,
      retry: (engine) => {
        if (engine === undefined) remotes.remotes.retry()
        inventory.retry(engine)
      },
    }),
    ...vms.handlers({ rowsOf, progressOf: (signal) => activity.progressOf(signal) }),
  }
}

function serviceHandlers(parts: Parts): ServiceHandlers {
  const { settings, inventory, activity, env, remotes } = parts
  const { agentFor, onChanged } = parts.agents.agents
  const { engineOf } = inventory
  const names = namesFor(parts)
  return {
    ...recordActions(actionHandlers(parts, names), activity, names),
    ...inventoryHandlers(inventory),
    ...remotes.handlers(() => inventory.retry()),
    ...firstNotice(activityHandlers(activity), settings.notice, (value) =>
      parts.pushes.emit({ name: 'notice.raised', value }),
    ),
    ...settingsHandlers(settings),
    ...logHandlers({ engineOf, agentFor }),
    ...hostHandlers({ engineOf, agentFor }),
    ...diagnosticsHandlers(diagnosticsParts({ ...parts, version: appVersion(), host: parts.options.host })),
    ...parts.layers.handlers,
    'stats.watch': statsHandlers({ engineOf, agents: { agentFor, onChanged } })['stats.watch'],
    ...parts.agents.handlers(),
    ...registryHandlers({ env }),
    ...downloadHandlers({ sources: downloadSources(parts), taskFor: downloadTasks(activity, names) }),
    ...resetOf(parts),
    'app.info': () => appInfo({ host: parts.options.host, paths: parts.paths }),
    'window.show': (page) => {
      parts.pushes.emit({ name: 'window.navigate', value: page })
      return null
    },
  }
}

type DownloadSources = Parameters<typeof downloadHandlers>[0]['sources']

const downloadSources = ({
  inventory: { engineOf },
  agents: { agents },
  layers,
  files,
}: Parts): DownloadSources => ({
  image: ({ engine, references }, signal) => saveImages(engineOf(engine), references, signal),
  logs: ({ engine, id, timestamps }, signal) =>
    readLogText({ engine: engineOf(engine), agentFor: agents.agentFor }, id, { timestamps, signal }),
  'layer-file': layers.download,
  file: (place, signal) => files.fileBytes(place, signal),
  folder: (place, signal) => files.folderTar(place, signal),
})

const namesFor = ({ inventory, machines, vms }: Omit<Parts, 'files'>): Names => ({
  ...namesIn(inventory.rows, (id) => engineById(machines, id)),
  machineOf: (id: string) => vms.machines.all.find((machine) => machine.id === id)?.settings.name,
})

const filesFor = (parts: Omit<Parts, 'files'>): Files =>
  new Files({
    owner: helperOwner(parts.paths.dataDir),
    engineOf: parts.inventory.engineOf,
    agentFor: parts.agents.agents.agentFor,
    startTask: ({ kind, args }, work) => parts.activity.start(taskFor(kind, args, namesFor(parts)), work),
  })

const engineById = (machines: Machines, id: EngineId) =>
  machines.view.engines.find((engine) => engine.id === id)
