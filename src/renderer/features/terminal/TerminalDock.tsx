import { SquareTerminal } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { SessionId, TerminalSession } from '../../../shared/model'
import { useT } from '../../i18n'
import {
  dockStore,
  setActiveTerminal,
  setDockOpen,
  takeTerminalRequest,
  useActiveTerminal,
  useTerminalRequests,
} from '../../store/dock'
import { useUi } from '../../store/ui'
import { Button, ConfirmDialog, EmptyState, Loading } from '../../ui'
import { DockTabs } from './DockTabs'
import { closeSession, reopenSession, type TerminalTarget, tryOpenSession } from './open-session'
import { useSessions } from './session-list'
import { TerminalPane } from './TerminalPane'
import { titleOf, useTitles } from './titles'
import './terminal-dock.css'

/**
 * All terminals, in tabs. They live in core: the dock shows what is there, also after a reload. One that the person
 * opened gets the keys: the terminal, or where there is none the way to one.
 */
export function TerminalDock({ takesFocus = false }: { readonly takesFocus?: boolean }): ReactNode {
  const t = useT()
  const sessions = useSessions()
  const { active, activate } = useActive(sessions)
  const { isOpening, open } = useOpener(activate)
  const [closing, setClosing] = useState<TerminalSession>()
  const titles = useTitles()
  const dock = useRef<HTMLElement>(null)
  useFocusAfterClosing(dock, sessions?.length ?? 0)
  if (!sessions) return <Loading label={t('terminal.attaching')} />
  const close = (session: TerminalSession): void =>
    session.state === 'ended' ? void closeSession(session) : setClosing(session)
  const reopen = async (session: TerminalSession): Promise<void> => {
    const opened = await reopenSession(session)
    if (opened) activate(opened.id)
  }
  return (
    <section ref={dock} className="term-dock" data-area="terminals" aria-label={t('terminal.dock')}>
      <DockTabs
        {...{ sessions, active }}
        onActivate={activate}
        onClose={close}
        onOpen={(target) => void open(target)}
        onCollapse={() => setDockOpen(false)}
      />
      <div className="term-dock__body">
        <Panels {...{ sessions, active }} onReopen={(session) => void reopen(session)} />
        {sessions.length === 0 && (
          <NoTerminals {...{ isOpening, takesFocus }} onOpen={(target) => void open(target)} />
        )}
      </div>
      <ConfirmDialog
        danger
        title={t('terminal.closeAsk')}
        open={closing !== undefined}
        onClose={() => setClosing(undefined)}
        onConfirm={() => closing && void closeSession(closing)}
        confirmLabel={t('terminal.closeConfirm')}
      >
        {closing && t('terminal.closeAskText', { title: titleOf(closing, titles) })}
      </ConfirmDialog>
    </section>
  )
}

/** The tab that was closed had the focus: what is left of the dock gets it. */
function useFocusAfterClosing(dock: RefObject<HTMLElement | null>, count: number): void {
  const last = useRef(count)
  useEffect(() => {
    const isFewer = count < last.current
    last.current = count
    if (isFewer && document.activeElement === document.body)
      dock.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"], button')?.focus()
  }, [dock, count])
}

interface PanelsProps {
  readonly sessions: readonly TerminalSession[]
  readonly active: SessionId | undefined
  readonly onReopen: (session: TerminalSession) => void
}

/** A session that was looked at stays drawn; the others cost nothing until they are. */
function Panels({ sessions, active, onReopen }: PanelsProps): ReactNode {
  const [seen, setSeen] = useState<ReadonlySet<SessionId>>(new Set())
  if (active !== undefined && !seen.has(active)) setSeen(new Set(seen).add(active))
  const titles = useTitles()
  return sessions
    .filter(({ id }) => seen.has(id))
    .map((session) => (
      <div
        key={session.id}
        role="tabpanel"
        id={`term-panel-${session.id}`}
        aria-labelledby={`term-tab-${session.id}`}
      >
        <TerminalPane
          session={session}
          title={titleOf(session, titles)}
          isVisible={session.id === active}
          onReopen={() => onReopen(session)}
        />
      </div>
    ))
}

interface NoTerminalsProps {
  readonly isOpening: boolean
  readonly takesFocus: boolean
  readonly onOpen: (target: TerminalTarget) => void
}

function NoTerminals(props: NoTerminalsProps): ReactNode {
  const t = useT()
  const { takesFocus } = props
  const way = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (takesFocus) way.current?.focus()
  }, [takesFocus])
  if (props.isOpening) return <Loading label={t('terminal.opening')} />
  return (
    <EmptyState
      icon={<SquareTerminal />}
      title={t('terminal.emptyDock')}
      text={t('terminal.emptyDockText')}
      action={
        <Button ref={way} onClick={() => props.onOpen({ kind: 'host' })}>
          {t('terminal.hostShell')}
        </Button>
      }
    />
  )
}

/** The chosen tab: the remembered one after a reload; another when it is gone. */
function useActive(sessions: readonly TerminalSession[] | undefined): {
  readonly active: SessionId | undefined
  readonly activate: (id: SessionId) => void
} {
  const chosen = useActiveTerminal()
  const [remembered, remember] = useUi<SessionId | ''>('dock.active', '')
  const wanted = chosen ?? remembered
  const active = sessions?.find(({ id }) => id === wanted)?.id ?? sessions?.at(-1)?.id
  return {
    active,
    activate: (id) => {
      setActiveTerminal(id)
      remember(id)
    },
  }
}

/** Opens what is asked for here or anywhere in the window, each request once. */
function useOpener(activate: (id: SessionId) => void): {
  readonly isOpening: boolean
  readonly open: (target: TerminalTarget) => Promise<void>
} {
  const [opening, setOpening] = useState(0)
  const requests = useTerminalRequests()
  const open = async (target: TerminalTarget): Promise<void> => {
    setOpening((count) => count + 1)
    const session = await tryOpenSession(target)
    setOpening((count) => count - 1)
    if (session) activate(session.id)
  }
  useEffect(() => {
    for (const request of requests) {
      // Taken already, by an earlier run for the same list.
      if (!dockStore.getState().requests.includes(request)) continue
      takeTerminalRequest(request.id)
      void Promise.resolve().then(() => open(request))
    }
  })
  return { isOpening: opening > 0, open }
}
