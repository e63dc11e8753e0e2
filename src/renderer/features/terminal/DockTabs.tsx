import { ChevronDown, Plus, X } from 'lucide-react'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import type { Container, Engine, SessionId, TerminalSession } from '../../../shared/model'
import { type Translate, useT } from '../../i18n'
import { useRows, useRunningEngines } from '../../store/inventory'
import { classNames, IconButton, Menu, type MenuItem } from '../../ui'
import type { TerminalTarget } from './open-session'
import { roadWords } from './road-words'
import { titleOf, useTitles } from './titles'

export interface DockTabsProps {
  readonly sessions: readonly TerminalSession[]
  readonly active: SessionId | undefined
  readonly onActivate: (id: SessionId) => void
  readonly onClose: (session: TerminalSession) => void
  readonly onOpen: (target: TerminalTarget) => void
  readonly onCollapse: () => void
}

export function DockTabs(props: DockTabsProps): ReactNode {
  const t = useT()
  return (
    <div className="term-dock__head">
      <div className="term-dock__tabs" role="tablist" aria-label={t('terminal.tabs')}>
        {props.sessions.map((session) => (
          <DockTab key={session.id} session={session} {...props} />
        ))}
      </div>
      <NewTerminal onOpen={props.onOpen} />
      <span className="term-dock__space" />
      <IconButton
        size="sm"
        label={t('terminal.collapse')}
        icon={<ChevronDown aria-hidden="true" />}
        onClick={props.onCollapse}
      />
    </div>
  )
}

function DockTab(props: DockTabsProps & { readonly session: TerminalSession }): ReactNode {
  const t = useT()
  const { session, sessions } = props
  const title = titleOf(session, useTitles())
  const isActive = session.id === props.active
  const isEnded = session.state === 'ended'
  const onAuxClick = (event: MouseEvent): void => {
    if (event.button !== 1) return
    event.preventDefault()
    props.onClose(session)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const other = sessions[(sessions.indexOf(session) + by + sessions.length) % sessions.length]
    if (by !== 0 && other) focusTab(event.currentTarget, other.id, props.onActivate)
    else if (event.key === 'Delete') props.onClose(session)
  }
  return (
    <div
      className={classNames('term-dock__tab', isActive && 'term-dock__tab--active')}
      onAuxClick={onAuxClick}
    >
      <button
        type="button"
        role="tab"
        id={`term-tab-${session.id}`}
        aria-selected={isActive}
        aria-controls={`term-panel-${session.id}`}
        tabIndex={isActive ? 0 : -1}
        className="term-dock__name"
        title={session.road ? `${title}\n${roadWords(t, session.road).long}` : title}
        onClick={() => props.onActivate(session.id)}
        onKeyDown={onKeyDown}
      >
        <bdi>{title}</bdi>
        {isEnded && <span className="term-dock__ended">{t('terminal.endedMark')}</span>}
      </button>
      <IconButton
        size="sm"
        label={t('terminal.close', { title })}
        icon={<X aria-hidden="true" />}
        tabIndex={isActive ? 0 : -1}
        onClick={() => props.onClose(session)}
      />
    </div>
  )
}

function focusTab(from: HTMLElement, id: SessionId, activate: (id: SessionId) => void): void {
  activate(id)
  from
    .closest('[role="tablist"]')
    ?.querySelector<HTMLElement>(`#${CSS.escape(`term-tab-${id}`)}`)
    ?.focus()
}

function NewTerminal({ onOpen }: Pick<DockTabsProps, 'onOpen'>): ReactNode {
  const t = useT()
  const engines = useRunningEngines()
  const running = useRows('containers').filter(({ state }) => state === 'running')
  return (
    <Menu
      trigger={<IconButton size="sm" label={t('terminal.newTab')} icon={<Plus aria-hidden="true" />} />}
      items={newTerminalItems(t, { engines, running }, onOpen)}
    />
  )
}

/** More than a screen of containers is chosen on their page. */
const maxListed = 200

/** What the plus offers: shells of the host, and of each running container. */
export function newTerminalItems(
  t: Translate,
  known: { readonly engines: readonly Engine[]; readonly running: readonly Container[] },
  onOpen: (target: TerminalTarget) => void,
): readonly MenuItem[] {
  const { engines, running } = known
  const [only] = engines
  const hosts =
    engines.length > 1
      ? engines.map(({ id, name }) => ({
          label: t('terminal.hostShellFor', { engine: name }),
          onSelect: () => onOpen({ kind: 'host', engine: id }),
        }))
      : [{ label: t('terminal.hostShell'), onSelect: () => onOpen({ kind: 'host', engine: only?.id }) }]
  if (running.length === 0)
    return [
      ...hosts,
      'separator',
      { label: t('terminal.noContainers'), disabled: true, onSelect: () => undefined },
    ]
  const named = [...running].sort((a, b) => a.name.localeCompare(b.name)).slice(0, maxListed)
  const items = named.map(({ engine, id, name }) => ({
    label:
      engines.length > 1 ? `${name} (${engines.find((one) => one.id === engine)?.name ?? engine})` : name,
    onSelect: () => onOpen({ kind: 'container', engine, container: id }),
  }))
  return [...hosts, 'separator', ...items]
}
