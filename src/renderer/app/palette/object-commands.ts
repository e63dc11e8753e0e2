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
import { stateWords, toneOf } from '../../objects/container-words'
import { openTerminal } from '../../store/dock'
import type { Command, CommandGroup } from './find-commands'

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
  pieces.map((piece, index) => ({ ...piece, id: `${group} ${key} ${index}`, group }))

function copied(text: string): () => void {
  return () => {
    // A browser that forbids the clipboard says so itself.
    navigator.clipboard.writeText(text).catch(() => undefined)
  }
}

export function containerCommand(row: Container, tools: CommandTools): Command {
  const open = (): void => tools.navigate(pathOf('containers', row))
  return {
    id: `containers ${keyOf(row)}`,
    group: 'containers',
    label: row.name,
    detail: row.image,
    keywords: `${shortId(row.id)} ${row.project ?? ''} ${row.service ?? ''}`,
    status: { tone: toneOf(row), label: stateWords(tools.t, row) },
    run: open,
    actions: () => numbered('containers', keyOf(row), [...looks(row, tools), ...changes(row, tools)]),
  }
}

function looks(row: Container, { t, navigate }: CommandTools): readonly Piece[] {
  const path = pathOf('containers', row)
  const terminal: Piece = {
    label: t('shell.palette.terminal'),
    icon: SquareTerminal,
    run: () => openTerminal({ engine: row.engine, container: row.id, title: row.name }),
  }
  return [
    { label: t('shell.palette.open'), icon: Eye, run: () => navigate(path) },
    { label: t('shell.palette.logs'), icon: FileText, run: () => navigate(`${path}/logs`) },
    ...(row.state === 'running'
      ? [terminal, { label: t('shell.palette.stats'), icon: Gauge, run: () => navigate(`${path}/stats`) }]
      : []),
  ]
}

function changes(row: Container, { t, onRemove }: CommandTools): readonly Piece[] {
  const ref = { engine: row.engine, id: row.id }
  const isUp = row.state === 'running' || row.state === 'paused' || row.state === 'restarting'
  const up: Piece[] = [
    { label: t('shell.palette.stop'), icon: Square, run: () => void act('containers.stop', ref) },
    { label: t('shell.palette.restart'), icon: RotateCw, run: () => void act('containers.restart', ref) },
    row.state === 'paused'
      ? { label: t('shell.palette.resume'), icon: Play, run: () => void act('containers.resume', ref) }
      : { label: t('shell.palette.pause'), icon: Pause, run: () => void act('containers.pause', ref) },
    {
      label: t('shell.palette.kill'),
      icon: Skull,
      danger: true,
      run: () => void act('containers.kill', ref),
    },
  ]
  const down: Piece[] = [
    { label: t('shell.palette.start'), icon: Play, run: () => void act('containers.start', ref) },
  ]
  return [
    ...(isUp ? up : down),
    {
      label: t('shell.palette.remove'),
      icon: Trash2,
      danger: true,
      run: () => onRemove({ kind: 'container', row }),
    },
    { label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
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
    actions: () =>
      numbered('images', keyOf(row), [
        { label: t('shell.palette.open'), icon: Eye, run: open },
        { label: t('shell.palette.runImage'), icon: Play, run: () => navigate(run) },
        {
          label: t('layers.compare.action'),
          icon: GitCompareArrows,
          run: () =>
            navigate(`/images/compare/${encodeURIComponent(row.engine)}/${encodeURIComponent(row.id)}`),
        },
        {
          label: t('shell.palette.remove'),
          icon: Trash2,
          danger: true,
          run: () => onRemove({ kind: 'image', row }),
        },
        { label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
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
    ? [{ label: t('shell.palette.remove'), icon: Trash2, danger: true, run: () => onRemove(remove) }]
    : []
  return {
    id: `${group} ${keyOf(row)}`,
    group,
    label,
    detail: row.driver,
    run: open,
    actions: () =>
      numbered(group, keyOf(row), [
        { label: t('shell.palette.open'), icon: Eye, run: open },
        ...removal,
        { label: t('shell.palette.copyId'), icon: Copy, run: copied(row.id) },
      ]),
  }
}
