import { Plus, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { toWire, type WireError } from '../../../shared/errors'
import type { EngineId, SessionId, TerminalRoad, TerminalSession } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { useRow } from '../../store/inventory'
import { Button, Combobox, EmptyState, ErrorState, IconButton, Loading, Select, TextField } from '../../ui'
import { closeSession, openSession, reopenSession } from './open-session'
import { roadWords } from './road-words'
import { useSessions } from './session-list'
import { TerminalPane } from './TerminalPane'
import { titleOf, useTitles } from './titles'
import './container-terminal.css'

export interface ContainerTerminalProps {
  readonly engine: EngineId
  readonly id: string
  readonly name: string
}

/** A container's shell. Comes back to the running session, after a reload too; opens one when there is none. */
export function ContainerTerminal(props: ContainerTerminalProps): ReactNode {
  return <OneContainer key={`${props.engine}/${props.id}`} {...props} />
}

function OneContainer({ engine, id, name }: ContainerTerminalProps): ReactNode {
  const t = useT()
  const sessions = useSessions()?.filter((one) => one.engine === engine && one.container === id)
  const isRunning = useRow('containers', { engine, id })?.state === 'running'
  const [shell, setShell] = useState('')
  const [user, setUser] = useState('')
  const [chosen, setChosen] = useState<SessionId>()
  const opener = useOpener(setChosen)
  const active = sessions?.find((one) => one.id === chosen) ?? sessions?.at(-1)
  const start = (): void =>
    void opener.open(() => openSession({ kind: 'container', engine, container: id, shell, user }))
  useFirstSession(firstOf(sessions, isRunning), start)
  const reopen = (session: TerminalSession): void => void opener.open(() => reopenSession(session))
  return (
    <div className="ct-term">
      <div className="ct-term__bar">
        <Sessions {...{ sessions: sessions ?? [], active }} onChoose={setChosen} />
        {active?.road && <RoadNote road={active.road} />}
        <span className="ct-term__space" />
        <ShellField {...{ engine, id, isRunning, shell }} onShell={setShell} />
        <TextField
          hideLabel
          mono
          label={t('terminal.user')}
          placeholder={t('terminal.user')}
          value={user}
          onChange={setUser}
        />
        <NewSession isRunning={isRunning} isOpening={opener.isOpening} onStart={start} />
      </div>
      <div className="ct-term__body">
        {active && <Active key={active.id} session={active} onReopen={reopen} />}
        {!active && (
          <NoSession
            {...{ name, isRunning }}
            error={opener.error}
            isBusy={sessions === undefined || opener.isOpening}
            onStart={start}
          />
        )}
      </div>
    </div>
  )
}

function NewSession(props: {
  readonly isRunning: boolean
  readonly isOpening: boolean
  readonly onStart: () => void
}): ReactNode {
  const t = useT()
  return (
    <Button
      icon={<Plus aria-hidden="true" />}
      busy={props.isOpening}
      disabled={!props.isRunning}
      title={props.isRunning ? undefined : t('terminal.notRunning')}
      onClick={props.onStart}
    >
      {t('terminal.openNew')}
    </Button>
  )
}

function Active(props: {
  readonly session: TerminalSession
  readonly onReopen: (session: TerminalSession) => void
}): ReactNode {
  const title = titleOf(props.session, useTitles())
  return (
    <TerminalPane
      isVisible
      session={props.session}
      title={title}
      onReopen={() => props.onReopen(props.session)}
    />
  )
}

/** A terminal that is not what it could be says why. */
function RoadNote({ road }: { readonly road: TerminalRoad }): ReactNode {
  const { short, long } = roadWords(useT(), road)
  return (
    <span className="ct-term__road" title={long}>
      {short}
    </span>
  )
}

interface SessionsProps {
  readonly sessions: readonly TerminalSession[]
  readonly active: TerminalSession | undefined
  readonly onChoose: (id: SessionId) => void
}

function Sessions({ sessions, active, onChoose }: SessionsProps): ReactNode {
  const t = useT()
  const titles = useTitles()
  if (!active) return null
  const options = sessions.map((session, index) => ({
    value: session.id,
    label: t('terminal.session', { number: index + 1, title: titleOf(session, titles) }),
  }))
  return (
    <>
      <Select
        hideLabel
        label={t('terminal.sessions')}
        value={active.id}
        onChange={onChoose}
        options={options}
      />
      <IconButton
        label={t('terminal.close', { title: titleOf(active, titles) })}
        icon={<X aria-hidden="true" />}
        onClick={() => void closeSession(active)}
      />
    </>
  )
}

interface ShellFieldProps {
  readonly engine: EngineId
  readonly id: string
  readonly isRunning: boolean
  readonly shell: string
  readonly onShell: (shell: string) => void
}

function ShellField({ engine, id, isRunning, shell, onShell }: ShellFieldProps): ReactNode {
  const t = useT()
  const found = useCall('terminal.shells', isRunning ? { engine, container: id } : null)
  return (
    <Combobox
      hideLabel
      mono
      label={t('terminal.shell')}
      placeholder={t('terminal.shellAuto')}
      value={shell}
      onChange={onShell}
      suggestions={found.state === 'ready' ? found.value.shells : []}
    />
  )
}

interface NoSessionProps {
  readonly name: string
  readonly isRunning: boolean
  readonly isBusy: boolean
  readonly error: WireError | undefined
  readonly onStart: () => void
}

function NoSession({ name, isRunning, isBusy, error, onStart }: NoSessionProps): ReactNode {
  const t = useT()
  if (isBusy) return <Loading label={t('terminal.opening')} />
  if (!isRunning) return <EmptyState title={t('terminal.notRunning')} text={t('terminal.notRunningText')} />
  const action = <Button onClick={onStart}>{t('terminal.open')}</Button>
  if (!error) return <EmptyState title={t('terminal.startTitle', { name })} action={action} />
  const words = errorWords(t, error)
  const text = words.detail === undefined ? words.text : `${words.text} ${words.detail}`
  return <ErrorState title={words.title} text={text} command={words.command} action={action} />
}

/** Opens one at a time. A failure is told where the terminal would be. */
function useOpener(onOpened: (id: SessionId) => void): {
  readonly isOpening: boolean
  readonly error: WireError | undefined
  readonly open: (how: () => Promise<TerminalSession | undefined>) => Promise<void>
} {
  const [state, setState] = useState<{ isOpening: boolean; error?: WireError }>({ isOpening: false })
  return {
    isOpening: state.isOpening,
    error: state.error,
    open: async (how) => {
      setState({ isOpening: true })
      try {
        const session = await how()
        if (session) onOpened(session.id)
        setState({ isOpening: false })
      } catch (thrown) {
        setState({ isOpening: false, error: toWire(thrown) })
      }
    },
  }
}

function firstOf(sessions: readonly TerminalSession[] | undefined, isRunning: boolean): First {
  if (sessions === undefined) return undefined
  if (sessions.length > 0) return 'there'
  return isRunning ? 'wanted' : undefined
}

type First = 'there' | 'wanted' | undefined

/** The first shell opens by itself, once: one that the person closed does not come back unasked. */
function useFirstSession(first: First, start: () => void): void {
  const isDone = useRef(false)
  useEffect(() => {
    if (first === undefined || isDone.current) return
    isDone.current = true
    if (first === 'wanted') void Promise.resolve().then(start)
  })
}
