import {
  Copy,
  Eye,
  FileText,
  Gauge,
  GitCompareArrows,
  Pause,
  Play,
  RotateCw,
  Skull,
  Square,
  SquareTerminal,
  Trash2,
} from 'lucide-react'
import {
  keyOf,
  shortId,
  type Container,
  type Image,
  type Kind,
  type Network,
  type Volume,
} from '../../../shared/model'
import { act } from '../../api'
import type { Translate } from '../../i18n'
import { en } from '../../i18n/en'
import { stateWords, toneOf } from '../../objects/container-words'
import { copyText } from '../../objects/copy-text'
import { openTerminal } from '../../store/dock'
import type { Command, CommandGroup, Verb } from './find-commands'

/** What a person is asked about before it goes. */
export type Removal =
  | { readonly kind: 'container'; readonly row: Container }
  | { readonly kind: 'image'; readonly row: Image }
  | { readonly kind: 'volume'; readonly row: Volume }
  | { readonly kind: 'network'; readonly row: Network }

export interface CommandTools {
  readonly t: Translate
  readonly navigate: (path: string) => void
  readonly onRemove: (removal: Removal) => void
}

type Piece = Omit<Command, 'id' | 'group'>

const pathOf = (kind: Kind, row: { engine: string; id: string }): string =>
  `/${kind}/${encodeURIComponent(row.engine)}/${encodeURIComponent(row.id)}`

/** Gives pieces their identity within the object that they are about. */
const numbered = (group: CommandGroup, key: string, pieces: readonly Piece[]): readonly Command[] =>
  pieces.map((piece, index) => ({
    ...piece,
    id: `${group} ${key} ${index}`,
    group,
    ...(piece.verb && { keywords: en.shell.palette.words[piece.verb] }),
  }))

const copied =
  (text: string): (() => void) =>
  () =>
    void copyText(text)

export function containerCommand(row: Container, tools: CommandTools): Command {
  const open = (): void => tools.navigate(pathOf('containers', row))
  return {
    id: `containers ${keyOf(row)}`,
    group: 'containers',
    label: row.name,
    detail: row.image,
    keywords: [shortId(row.id), row.project, row.service, ...row.ports.map(({ hostPort }) => hostPort)].join(
      ' ',
    ),
    status: { tone: toneOf(row), label: stateWords(tools.t, row) },
    run: open,
    verbs: verbsOf(row),
    actions: () => numbered('containers', keyOf(row), [...looks(row, tools), ...changes(row, tools)]),
  }
}

const upVerbs: readonly Verb[] = ['stop', 'restart', 'kill']

function verbsOf({ state }: Container): readonly Verb[] {
  const always: readonly Verb[] = ['logs', 'remove', 'copyId']
  if (state === 'running') return [...always, ...upVerbs, 'pause', 'terminal', 'stats']
  if (state === 'paused') return [...always, ...upVerbs, 'resume']
  return state === 'restarting' ? [...always, ...upVerbs, 'pause'] : [...always, 'start']
}

function looks(row: Container, { t, navigate }: CommandTools): readonly Piece[] {
  const path = pathOf('containers', row)
  const terminal: Piece = {
    verb: 'terminal',
    label: t('shell.palette.terminal'),
    icon: SquareTerminal,
    run: () => openTerminal({ engine: row.engine, container: row.id, title: row.name }),
  }
  return [
    { label: t('shell.palette.open'), icon: Eye, run: () => navigate(path) },
    { verb: 'logs', label: t('shell.palette.logs'), icon: FileText, run: () => navigate(`${path}/logs`) },
    ...(row.state === 'running'
      ? [
          terminal,
          {
            verb: 'stats' as const,
            label: t('shell.palette.stats'),
            icon: Gauge,
            run: () => navigate(`${path}/stats`),
          },
        ]
      : []),
  ]
}

function changes(row: Container, { t, onRemove }: CommandTools): readonly Piece[] {
  const ref = { engine: row.engine, id: row.id }
  const isUp = row.state === 'running' || row.state === 'paused' || row.state === 'restarting'
  const up: Piece[] = [
    {
      verb: 'stop',
      label: t('shell.palette.stop'),
      icon: Square,
      run: () => void act('containers.stop', ref),
    },
    {
      verb: 'restart',
      label: t('shell.palette.restart'),
      icon: RotateCw,
      run: () => void act('containers.restart', ref),
    },
    row.state === 'paused'
      ? {
          verb: 'resume' as const,
          label: t('shell.palette.resume'),
          icon: Play,
          run: () => void act('containers.resume', ref),
        }
      : {
          verb: 'pause' as const,
          label: t('shell.palette.pause'),
          icon: Pause,
          run: () => void act('containers.pause', ref),
        },
    {
      verb: 'kill',
      label: t('shell.palette.kill'),
      icon: Skull,
      danger: true,
      run: () => void act('containers.kill', ref),
    },
  ]
  const down: Piece[] = [
    {
      verb: 'start',
      label: t('shell.palette.start'),
      icon: Play,
      run: () => void act('containers.start', ref),
    },
  ]
  return [
    ...(isUp ? up : down),
    {
      verb: 'remove',
      label: t('shell.palette.remove'),
      icon: Trash2,
      danger: true,
      run: () => onRemove({ kind: 'container', row }),
    },
    { verb: 'copyId', label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
  ]
}

export function imageCommand(row: Image, tools: CommandTools): Command {
  const { t, navigate, onRemove } = tools
  const open = (): void => navigate(pathOf('images', row))
  const name = row.tags[0] ?? shortId(row.id)
  const run = `/run?engine=${encodeURIComponent(row.engine)}&image=${encodeURIComponent(row.tags[0] ?? row.id)}`
  return {
    id: `images ${keyOf(row)}`,
    group: 'images',
    label: name,
    keywords: `${row.tags.join(' ')} ${shortId(row.id)}`,
    run: open,
    verbs: ['runImage', 'compare', 'remove', 'copyId'],
    actions: () =>
      numbered('images', keyOf(row), [
        { label: t('shell.palette.open'), icon: Eye, run: open },
        { verb: 'runImage', label: t('shell.palette.runImage'), icon: Play, run: () => navigate(run) },
        {
          verb: 'compare',
          label: t('layers.compare.action'),
          icon: GitCompareArrows,
          run: () =>
            navigate(`/images/compare/${encodeURIComponent(row.engine)}/${encodeURIComponent(row.id)}`),
        },
        {
          verb: 'remove',
          label: t('shell.palette.remove'),
          icon: Trash2,
          danger: true,
          run: () => onRemove({ kind: 'image', row }),
        },
        { verb: 'copyId', label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
      ]),
  }
}

export const volumeCommand = (row: Volume, tools: CommandTools): Command =>
  plainCommand({ group: 'volumes', row, label: row.id, remove: { kind: 'volume', row } }, tools)

export const networkCommand = (row: Network, tools: CommandTools): Command =>
  plainCommand(
    {
      group: 'networks',
      row,
      label: row.name,
      // The engine refuses to remove its own networks.
      remove: row.isPredefined ? undefined : { kind: 'network', row },
    },
    tools,
  )

interface PlainObject {
  readonly group: 'volumes' | 'networks'
  readonly row: Volume | Network
  readonly label: string
  readonly remove: Removal | undefined
}

function plainCommand({ group, row, label, remove }: PlainObject, tools: CommandTools): Command {
  const { t, navigate, onRemove } = tools
  const open = (): void => navigate(pathOf(group, row))
  const removal: readonly Piece[] = remove
    ? [
        {
          verb: 'remove',
          label: t('shell.palette.remove'),
          icon: Trash2,
          danger: true,
          run: () => onRemove(remove),
        },
      ]
    : []
  return {
    id: `${group} ${keyOf(row)}`,
    group,
    label,
    detail: row.driver,
    run: open,
    verbs: remove ? ['remove', 'copyId'] : ['copyId'],
    actions: () =>
      numbered(group, keyOf(row), [
        { label: t('shell.palette.open'), icon: Eye, run: open },
        ...removal,
        { verb: 'copyId', label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
      ]),
  }
}
