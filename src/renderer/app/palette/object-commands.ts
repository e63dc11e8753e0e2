import {
  keyOf,
  shortId,
  type AgentState,
  type Container,
  type Engine,
  type EngineId,
  type Image,
  type Kind,
  type Machine,
  type Network,
  type Volume,
} from '../../../shared/model'
import { bulkItems, containerMenu, type MenuContext } from '../../features/containers/actions/menu'
import { isOffered, verbs as containerVerbs } from '../../features/containers/actions/offered'
import { engineMenu } from '../../features/engine/engine-menu'
import { imageMenu } from '../../features/images/image-menu'
import { comparePath, imagePath, nameOf, runPath } from '../../features/images/users'
import { machineMenu } from '../../features/machines/actions/machine-menu'
import { canConnect, networkMenu } from '../../features/networks/network-menu'
import { volumeMenu } from '../../features/volumes/volume-menu'
import type { Translate } from '../../i18n'
import type { MenuItem } from '../../ui'
import { stateWords, toneOf } from '../../objects/container-words'
import { engineStateWords, engineTone } from '../../objects/engine-words'
import { backendWords, machineStateWords, machineTone } from '../../objects/machine-words'
import { setEngineFilter } from '../../store/engine-filter'
import type { Command, Verb } from './find-commands'
import { commandsOf } from './menu-commands'
import type { ObjectDialog } from './ObjectDialogs'

type DialogOf<T extends ObjectDialog['of']> = Extract<ObjectDialog, { of: T }>['dialog']

export interface CommandTools {
  readonly t: Translate
  readonly navigate: (path: string) => void
  readonly onDialog: (dialog: ObjectDialog) => void
  readonly engines: readonly Engine[]
  /** The one that the lists are narrowed to. */
  readonly shown: EngineId | undefined
  readonly agents: ReadonlyMap<EngineId, AgentState>
  /** The containers that are connected to a network. */
  readonly users: (network: Network) => readonly Container[]
}

const pathOf = (kind: Kind, row: { engine: string; id: string }): string =>
  `/${kind}/${encodeURIComponent(row.engine)}/${encodeURIComponent(row.id)}`

const contextOf = ({ t, navigate, onDialog, engines }: CommandTools): MenuContext => ({
  ...{ t, navigate },
  engineOf: (one) => engines.find(({ id }) => id === one.engine),
  onDialog: (dialog) => onDialog({ of: 'containers', dialog }),
})

export function containerCommand(row: Container, tools: CommandTools): Command {
  const ports = row.ports.map(({ hostPort }) => hostPort)
  return {
    id: `containers ${keyOf(row)}`,
    group: 'containers',
    label: row.name,
    detail: row.image,
    keywords: [shortId(row.id), row.project, row.service, ...ports].join(' '),
    status: { tone: toneOf(row), label: stateWords(tools.t, row) },
    verbs: verbsOf(row),
    actions: () => commandsOf('containers', keyOf(row), containerMenu([row], contextOf(tools))),
  }
}

function verbsOf(row: Container): readonly Verb[] {
  const always: readonly Verb[] = ['logs', 'stats', 'inspect', 'copyName', 'copyId', 'copyRun']
  const isRunning = row.state === 'running'
  return [
    ...always,
    ...containerVerbs.filter((verb) => isOffered(verb, row)),
    ...(isOffered('rename', row) ? (['rename'] as const) : []),
    ...(isOffered('kill', row) ? (['signal'] as const) : []),
    ...(isRunning ? (['terminal', 'terminalDock'] as const) : []),
    ...(isRunning && row.ports.some(({ hostPort }) => hostPort !== undefined) ? (['openPort'] as const) : []),
  ]
}

/** All containers of a Compose project on one engine. */
export function projectCommand(rows: readonly [Container, ...Container[]], tools: CommandTools): Command {
  const [one] = rows
  const running = rows.filter(({ state }) => state === 'running').length
  const key = `${one.engine} ${one.project ?? ''}`
  return {
    id: `projects ${key}`,
    group: 'projects',
    label: one.project ?? '',
    detail: tools.t('containers.runningCount', { running, total: rows.length }),
    keywords: 'compose project',
    verbs: containerVerbs.filter((verb) => rows.some((row) => isOffered(verb, row))),
    // How many there are stands beside the name already.
    actions: () =>
      commandsOf('projects', key, bulkItems(rows, contextOf(tools))).map((action) => {
        const verb = containerVerbs.find((one) => one === action.verb)
        return verb ? { ...action, label: tools.t(`containers.verb.${verb}`) } : action
      }),
  }
}

export function imageCommand(row: Image, tools: CommandTools): Command {
  const { t, navigate, onDialog } = tools
  const actions = {
    onDialog: (dialog: DialogOf<'images'>) => onDialog({ of: 'images', dialog }),
    onOpen: () => navigate(imagePath(row)),
    onRun: () => navigate(runPath(row)),
    onCompare: () => navigate(comparePath(row)),
  }
  const untag: readonly Verb[] = row.tags.length > 1 ? ['untag'] : []
  return {
    id: `images ${keyOf(row)}`,
    group: 'images',
    label: nameOf(row),
    keywords: `${row.tags.join(' ')} ${shortId(row.id)}`,
    verbs: ['runImage', 'compare', 'tag', ...untag, 'save', 'copyName', 'copyId', 'remove'],
    actions: () => commandsOf('images', keyOf(row), imageMenu(t, [row], actions)),
  }
}

export function volumeCommand(row: Volume, { t, navigate, onDialog }: CommandTools): Command {
  const actions = {
    onDialog: (dialog: DialogOf<'volumes'>) => onDialog({ of: 'volumes', dialog }),
    onOpen: () => navigate(pathOf('volumes', row)),
  }
  return {
    id: `volumes ${keyOf(row)}`,
    group: 'volumes',
    label: row.id,
    detail: row.driver,
    verbs: ['copyName', 'remove'],
    actions: () => commandsOf('volumes', keyOf(row), volumeMenu(t, [row], actions)),
  }
}

export function networkCommand(row: Network, tools: CommandTools): Command {
  const { t, navigate, onDialog, users } = tools
  const actions = {
    onDialog: (dialog: DialogOf<'networks'>) => onDialog({ of: 'networks', dialog }),
    onOpen: () => navigate(pathOf('networks', row)),
    users,
  }
  return {
    id: `networks ${keyOf(row)}`,
    group: 'networks',
    label: row.name,
    detail: row.driver,
    verbs: [
      ...(canConnect(row) ? (['connect'] as const) : []),
      ...(canConnect(row) && users(row).length > 0 ? (['disconnect'] as const) : []),
      ...(['copyName', 'copyId'] as const),
      // The engine refuses to remove its own networks.
      ...(row.isPredefined ? [] : (['remove'] as const)),
    ],
    actions: () => commandsOf('networks', keyOf(row), networkMenu(t, [row], actions)),
  }
}

export function machineCommand(machine: Machine, { t, navigate, onDialog }: CommandTools): Command {
  const { id, settings } = machine
  const context = {
    ...{ t, navigate },
    onDialog: (dialog: DialogOf<'machines'>) => onDialog({ of: 'machines', dialog }),
  }
  const made = (): readonly Command[] => commandsOf('machines', id, machineMenu(machine, context))
  return {
    id: `machines ${id}`,
    group: 'machines',
    label: settings.name,
    detail: backendWords(t, machine),
    keywords: 'machine vm qemu',
    status: { tone: machineTone(machine), label: machineStateWords(t, machine) },
    verbs: made().flatMap(({ verb }) => verb ?? []),
    actions: made,
  }
}

export function engineCommand(engine: Engine, tools: CommandTools): Command {
  const { t, navigate, onDialog, engines, shown, agents } = tools
  const context = {
    ...{ t, navigate },
    onDialog: (dialog: DialogOf<'engines'>) => onDialog({ of: 'engines', dialog }),
    agent: agents.get(engine.id),
  }
  const made = (): readonly Command[] =>
    commandsOf('engines', engine.id, [
      ...(engines.length > 1 ? [narrowing(t, engine, shown)] : []),
      ...engineMenu(engine, context),
    ])
  return {
    id: `engines ${engine.id}`,
    group: 'engines',
    label: engine.name,
    detail: engine.address,
    keywords: 'engine docker',
    status: { tone: engineTone(engine), label: engineStateWords(t, engine) },
    verbs: made().flatMap(({ verb }) => verb ?? []),
    actions: made,
  }
}

const narrowing = (t: Translate, { id }: Engine, shown: EngineId | undefined): MenuItem =>
  shown === id
    ? { verb: 'only', label: t('shell.engines.showAll'), onSelect: () => setEngineFilter(undefined) }
    : { verb: 'only', label: t('shell.engines.onlyThis'), onSelect: () => setEngineFilter(id) }
