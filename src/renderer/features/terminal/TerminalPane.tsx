import { type ReactNode, useRef, useState } from 'react'
import type { TerminalSession } from '../../../shared/model'
import { type Translate, useT } from '../../i18n'
import { copyText } from '../../objects/copy-text'
import { showToast } from '../../store/toasts'
import { classNames, ConfirmDialog, ContextMenu, type MenuItem } from '../../ui'
import { readText } from './clipboard'
import { PaneState } from './PaneState'
import { openLink, safeLink, type SafeLink } from './safe-link'
import type { Screen } from './screen'
import { ScreenSearch } from './ScreenSearch'
import { terminalKey } from './terminal-keys'
import { useScreen } from './use-screen'
import { useWhyShut } from './why-shut'
import './terminal-pane.css'

export interface TerminalPaneProps {
  readonly session: TerminalSession
  readonly title: string
  readonly isVisible: boolean
  readonly onReopen: () => void
}

/** One session on screen. Hidden it goes on, so that it is as it was when it is shown again. */
export function TerminalPane({ session, title, isVisible, onReopen }: TerminalPaneProps): ReactNode {
  const t = useT()
  const place = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<SafeLink>()
  const [isFinding, setFinding] = useState(false)
  const find = (): void => setFinding(true)
  const whyShut = useWhyShut(session)
  const { screen, state } = useScreen({
    session: session.id,
    place,
    isVisible,
    wishes: {
      onPlainLink: (address) => openIfSafe(address),
      onHiddenLink: (address) => setLink(safeLink(address)),
      onKey: (event, own) => takeKey(event, { copy: () => copy(own), find }),
    },
  })
  return (
    <div className={classNames('term-pane', !isVisible && 'term-pane--hidden')} inert={!isVisible}>
      <ContextMenu items={screen ? menuOf(t, screen, find) : []}>
        {/* Whoever types here decides the size: another window may show the same session. */}
        <div
          className="term-pane__frame"
          role="group"
          aria-label={t('terminal.screen', { title })}
          onFocus={() => screen?.fit()}
        >
          <div ref={place} className="term-pane__screen" />
        </div>
      </ContextMenu>
      {isFinding && screen && <ScreenSearch screen={screen} onClose={() => setFinding(false)} />}
      <PaneState state={state} whyShut={whyShut} onReopen={onReopen} />
      <LinkDialog link={link} onClose={() => setLink(undefined)} />
    </div>
  )
}

/** The text of such a link hides where it leads: that is shown before it opens. */
function LinkDialog(props: { readonly link: SafeLink | undefined; readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { link } = props
  return (
    <ConfirmDialog
      title={t('terminal.linkAsk')}
      open={link !== undefined}
      onClose={props.onClose}
      onConfirm={() => link && openLink(link)}
      confirmLabel={t('terminal.linkOpen')}
    >
      <p>{t('terminal.linkAskText', { host: link?.host ?? '' })}</p>
      <p className="term-pane__address">
        <bdi>{link?.href}</bdi>
      </p>
    </ConfirmDialog>
  )
}

function openIfSafe(address: string): void {
  const safe = safeLink(address)
  if (safe) openLink(safe)
}

function takeKey(event: KeyboardEvent, wishes: { copy: () => void; find: () => void }): boolean {
  const key = terminalKey(event)
  if (key === undefined) return false
  // Pasting is the browser's own: it then needs no permission. The window's keys are left to the window.
  if (key === 'paste' || key === 'window' || event.type !== 'keydown') return true
  event.preventDefault()
  if (key === 'copy') wishes.copy()
  else wishes.find()
  return true
}

function copy(screen: Screen): void {
  if (screen.selection !== '') void copyText(screen.selection)
}

async function paste(screen: Screen, t: Translate): Promise<void> {
  const text = await readText()
  if (text === undefined) showToast({ tone: 'idle', title: t('terminal.pasteFailed') })
  else screen.paste(text)
  screen.focus()
}

const menuOf = (t: Translate, screen: Screen, find: () => void): readonly MenuItem[] => [
  { label: t('terminal.copy'), shortcut: 'Ctrl+Shift+C', onSelect: () => copy(screen) },
  { label: t('terminal.paste'), shortcut: 'Ctrl+Shift+V', onSelect: () => void paste(screen, t) },
  { label: t('terminal.selectAll'), onSelect: () => screen.selectAll() },
  'separator',
  { label: t('terminal.search'), shortcut: 'Ctrl+Shift+F', onSelect: find },
  { label: t('terminal.clear'), onSelect: () => screen.clear() },
]
