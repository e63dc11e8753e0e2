import type { ReactNode } from 'react'
import { useT } from '../i18n'
import { Dialog } from '../ui'
import { commandKey } from './keys'
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
    ['/', t('shell.shortcuts.search')],
    [commandKey('`'), t('shell.shortcuts.terminal')],
    ['?', t('shell.shortcuts.help')],
  ]
  const lists: readonly Shortcut[] = [
    ['↑ ↓ PgUp PgDn Home End', t('shell.shortcuts.move')],
    ['Shift+↑ ↓', t('shell.shortcuts.extend')],
    ['Space', t('shell.shortcuts.toggle')],
    [commandKey('A'), t('shell.shortcuts.all')],
    ['Enter', t('shell.shortcuts.open')],
    ['Shift+F10', t('shell.shortcuts.menu')],
    ['Delete', t('shell.shortcuts.removeRows')],
    ['← →', t('shell.shortcuts.fold')],
    ['Shift+← →', t('shell.shortcuts.width')],
  ]
  return (
    <Dialog title={t('shell.shortcuts.title')} open={open} onClose={onClose} width={480}>
      <List title={t('shell.shortcuts.everywhere')} shortcuts={everywhere} />
      <List title={t('shell.shortcuts.lists')} shortcuts={lists} />
    </Dialog>
  )
}

type Shortcut = readonly [keys: string, does: string]

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
