import type { ReactNode } from 'react'
import { useT, type Translate } from '../i18n'
import { Dialog } from '../ui'
import { commandKey, historyKeys } from './keys'
import './shortcuts-dialog.css'

export function ShortcutsDialog({
  open,
  onClose,
}: {
  readonly open: boolean
  readonly onClose: () => void
}): ReactNode {
  const t = useT()
  const everywhere: readonly Shortcut[] = [
    [commandKey('K'), t('shell.shortcuts.palette')],
    ['Alt+1 … Alt+7', t('shell.shortcuts.goTo')],
    [historyKeys(), t('shell.shortcuts.history')],
    ['F6', t('shell.shortcuts.area')],
    ['/', t('shell.shortcuts.search')],
    ['↓', t('shell.shortcuts.found')],
    [commandKey('`'), t('shell.shortcuts.terminal')],
    ['Ctrl+F6', t('shell.shortcuts.areaTerminal')],
    ['?', t('shell.shortcuts.help')],
  ]
  const lists: readonly Shortcut[] = [
    ['↑ ↓ PgUp PgDn Home End', t('shell.shortcuts.move')],
    ['A … Z', t('shell.shortcuts.typed')],
    ['Shift+↑ ↓', t('shell.shortcuts.extend')],
    ['Space', t('shell.shortcuts.toggle')],
    [commandKey('A'), t('shell.shortcuts.all')],
    ['Enter', t('shell.shortcuts.open')],
    ['Shift+F10', t('shell.shortcuts.menu')],
    ['Delete', t('shell.shortcuts.removeRows')],
    ['← →', t('shell.shortcuts.fold')],
    ['Shift+← →', t('shell.shortcuts.width')],
  ]
  const containers: readonly Shortcut[] = [
    ['S', t('shell.shortcuts.startStop')],
    ['R', t('shell.shortcuts.restart')],
    ['P', t('shell.shortcuts.pause')],
    ['L', t('shell.shortcuts.logs')],
    ['T', t('shell.shortcuts.shell')],
    ['C', t('shell.shortcuts.copyId')],
    ['F2', t('shell.shortcuts.rename')],
  ]
  return (
    <Dialog title={t('shell.shortcuts.title')} open={open} onClose={onClose} width={720}>
      <div className="shortcuts-columns">
        <div>
          <List title={t('shell.shortcuts.everywhere')} shortcuts={everywhere} />
          <List title={t('shell.shortcuts.texts')} shortcuts={textsOf(t)} />
        </div>
        <div>
          <List title={t('shell.shortcuts.lists')} shortcuts={lists} />
          <List title={t('shell.shortcuts.containers')} shortcuts={containers} />
        </div>
      </div>
    </Dialog>
  )
}

type Shortcut = readonly [keys: string, does: string]

const textsOf = (t: Translate): readonly Shortcut[] => [
  [commandKey('F'), t('shell.shortcuts.find')],
  ['F3 Shift+F3', t('shell.shortcuts.findNext')],
  ['End', t('shell.shortcuts.newest')],
  [commandKey('S'), t('shell.shortcuts.saveFile')],
]

function List({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }): ReactNode {
  return (
    <section className="shortcuts" aria-label={title}>
      <h3 className="shortcuts__title">{title}</h3>
      <dl>
        {shortcuts.map(([keys, does]) => (
          <div key={keys} className="shortcuts__row">
            <dt>{does}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
