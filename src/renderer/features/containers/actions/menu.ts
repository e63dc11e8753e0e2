import type { Container, Engine } from '../../../../shared/model'
import type { Translate } from '../../../i18n'
import { copyText } from '../../../objects/copy-text'
import { openTerminal } from '../../../store/dock'
import type { MenuItem } from '../../../ui'
import { hostOf, shownPorts } from '../ports'
import { containerPath, type ContainerTab } from '../tabs'
import { commandsOf } from './commands'
import type { OnDialog } from './dialog'
import { copyRun, doVerb, sendSignal } from './do-verb'
import { isOffered, pauseOrResume, signals, startOrStop, takers, verbs, type Verb } from './offered'

/** What a menu needs from the page that shows it. */
export interface MenuContext {
  readonly t: Translate
  readonly engineOf: (container: Container) => Engine | undefined
  readonly navigate: (path: string) => void
  readonly onDialog: OnDialog
}

/** As `container-keys.ts` binds them. */
export const shortcuts: Partial<Record<Verb | 'rename' | ContainerTab, string>> = {
  start: 'S',
  stop: 'S',
  restart: 'R',
  pause: 'P',
  resume: 'P',
  remove: 'Del',
  rename: 'F2',
  logs: 'L',
  terminal: 'T',
}

export function containerMenu(containers: readonly Container[], context: MenuContext): readonly MenuItem[] {
  const [one] = containers
  if (!one) return []
  if (containers.length > 1) return bulkItems(containers, context)
  return [
    ...openItems(one, context),
    'separator',
    ...actionItems(one, context),
    'separator',
    copyItems(one, context),
    'separator',
    ...verbItem('remove', [one], context),
  ]
}

export function actionItems(one: Container, context: MenuContext): readonly MenuItem[] {
  const { t, onDialog } = context
  const plain = verbs.filter((verb) => verb !== 'remove' && verb !== 'kill')
  return [
    ...plain.flatMap((verb) => verbItem(verb, [one], context)),
    ...verbItem('kill', [one], context),
    ...signalItems(one, t),
    ...(isOffered('rename', one)
      ? [
          {
            verb: 'rename',
            label: t('containers.verb.rename'),
            shortcut: shortcuts.rename,
            onSelect: () => onDialog({ kind: 'rename', container: one }),
          },
        ]
      : []),
  ]
}

function signalItems(one: Container, t: Translate): readonly MenuItem[] {
  if (!isOffered('kill', one)) return []
  const items = signals.map((signal) => ({ label: signal, onSelect: () => sendSignal(one, signal) }))
  return [{ verb: 'signal', label: t('containers.menu.killWith'), items }]
}

function openItems(one: Container, { t, navigate, engineOf }: MenuContext): readonly MenuItem[] {
  const open = (tab: ContainerTab, key: ContainerTab | 'open' = tab): MenuItem => ({
    verb: key,
    label: key === 'open' ? t('containers.menu.open') : t(`containers.page.tabs.${key}`),
    shortcut: key === 'open' ? 'Enter' : shortcuts[tab],
    onSelect: () => navigate(containerPath(one, tab)),
  })
  const ports = shownPorts(one.ports, hostOf(engineOf(one)?.address ?? '')).flatMap(({ text, url }) =>
    url === undefined ? [] : [{ label: text, onSelect: () => void window.open(url, '_blank', 'noopener') }],
  )
  return [
    open('logs', 'open'),
    open('logs'),
    ...(one.state === 'running' ? [open('terminal'), inDock(one, t)] : []),
    open('stats'),
    open('inspect'),
    ...(ports.length > 0 && one.state === 'running'
      ? [{ verb: 'openPort', label: t('containers.menu.openPort'), items: ports }]
      : []),
  ]
}

/** One that stays while the page changes. */
const inDock = (one: Container, t: Translate): MenuItem => ({
  verb: 'terminalDock',
  label: t('containers.menu.terminalDock'),
  onSelect: () => openTerminal({ engine: one.engine, container: one.id, title: one.name }),
})

function copyItems(one: Container, { t, engineOf }: MenuContext): MenuItem {
  const commands = commandsOf(one, engineOf(one)).map(({ command }) => ({
    label: command,
    onSelect: () => void copyText(command),
  }))
  return {
    verb: 'copy',
    label: t('containers.menu.copy'),
    items: [
      { verb: 'copyName', label: t('containers.menu.copyName'), onSelect: () => void copyText(one.name) },
      {
        verb: 'copyId',
        label: t('containers.menu.copyId'),
        shortcut: 'C',
        onSelect: () => void copyText(one.id),
      },
      { label: t('containers.menu.copyImage'), onSelect: () => void copyText(one.image) },
      { verb: 'copyRun', label: t('containers.menu.copyRun'), onSelect: () => void copyRun(t, one) },
      ...(commands.length > 0 ? [{ label: t('containers.menu.copyCommand'), items: commands }] : []),
    ],
  }
}

/** Of several at once: a selection, a project. */
export function bulkItems(containers: readonly Container[], context: MenuContext): readonly MenuItem[] {
  const plain = verbs.filter((verb) => verb !== 'remove')
  return [
    ...plain.flatMap((verb) => verbItem(verb, containers, context)),
    'separator',
    ...verbItem('remove', containers, context),
  ]
}

/** A key that two verbs share stands beside the one that it would do. */
function shortcutOf(verb: Verb, containers: readonly Container[]): string | undefined {
  const other =
    ((verb === 'start' || verb === 'stop') && verb !== startOrStop(containers)) ||
    ((verb === 'pause' || verb === 'resume') && verb !== pauseOrResume(containers))
  return other ? undefined : shortcuts[verb]
}

/** Left out where no container can take it; with a count where only some or several can. */
function verbItem(verb: Verb, containers: readonly Container[], context: MenuContext): readonly MenuItem[] {
  const { t, onDialog } = context
  const able = takers(verb, containers)
  if (able.length === 0) return []
  const word = t(`containers.verb.${verb}`)
  return [
    {
      verb,
      label: containers.length === 1 ? word : t('containers.bulk.verb', { verb: word, count: able.length }),
      shortcut: shortcutOf(verb, containers),
      danger: verb === 'remove' || verb === 'kill',
      onSelect: () =>
        verb === 'remove' ? onDialog({ kind: 'remove', containers: able }) : doVerb(verb, able),
    },
  ]
}
