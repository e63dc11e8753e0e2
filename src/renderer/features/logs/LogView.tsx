import { ScrollText } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { EngineId } from '../../../shared/model'
import { act } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatBytes, formatNumber } from '../../i18n/format'
import { copyText } from '../../objects/copy-text'
import { useAgentServes } from '../../store/agents'
import { useUi } from '../../store/ui'
import { Button, ContextMenu, EmptyState, ErrorState, Loading } from '../../ui'
import { browserModel } from './browser-model'
import { type LineSelection, linesAsText } from './copy-lines'
import { LogList } from './LogList'
import { type LogModel, ringBytes } from './log-model'
import { type LogRange, wholeLog } from './log-range'
import { LogSearchBar, problemWords } from './LogSearchBar'
import { defaultLogSettings, type LogSettings } from './log-settings'
import type { LogState } from './log-stream'
import { CustomRange, LogToolbar } from './LogToolbar'
import { startDownload } from './start-download'
import { handleListKey, useFindKeys } from './use-log-keys'
import { type LogFind, useLogFind } from './use-log-find'
import { type LogScroll, useLogScroll } from './use-log-scroll'
import { useFoundLine } from './use-found-line'
import { useLogStream } from './use-log-stream'
import { measureOf, useViewport } from './use-row-measure'
import { WholeLogSearch } from './WholeLogSearch'
import './log-view.css'

export interface LogViewProps {
  readonly engine: EngineId
  readonly id: string
  readonly name: string
  /** Another clock and other threads, for tests. */
  readonly makeModel?: () => LogModel
}

/** A container's log. */
export function LogView(props: LogViewProps): ReactNode {
  return <OneLog key={`${props.engine}/${props.id}`} {...props} />
}

function OneLog({ engine, id, name, makeModel = browserModel }: LogViewProps): ReactNode {
  const t = useT()
  const [model] = useState(makeModel)
  useSyncExternalStore(model.onChanged, () => model.version)
  useEffect(() => () => model.close(), [model])
  const [saved, save] = useUi<Partial<LogSettings>>('logs.settings', {})
  const settings = { ...defaultLogSettings, ...saved }
  const [range, setRange] = useState<LogRange>(wholeLog)
  const tail = range.isAround ? 'all' : settings.tail
  const { state, reload } = useLogStream(model, { engine, id, tail, range })
  const view = useLogPane(model, settings)
  const hasWhole = useAgentServes(engine, 'logs.search')
  const onShow = useFoundLine({ model, show: view.find.show, onRange: setRange })
  const onSettings = (change: Partial<LogSettings>): void => save({ ...settings, ...change })
  const download = async (): Promise<void> => {
    const file = {
      what: 'logs' as const,
      engine,
      id,
      timestamps: settings.hasTimes,
      name: `${fileName(name)}.log`,
    }
    const ticket = await act('downloads.prepare', file)
    if (ticket) startDownload(ticket.ticket, ticket.name)
  }
  return (
    <section className="log-view" aria-label={t('logs.region', { name })}>
      <div className="log-view__bar">
        <LogSearchBar
          {...view.find}
          onText={view.find.setText}
          onMatchesOnly={view.find.setMatchesOnly}
          onStep={view.find.step}
          search={model.search}
          field={view.field}
          {...{ settings, onSettings, hasWhole }}
        />
        <span className="toolbar__space" />
        <LogToolbar
          {...{ settings, onSettings, range }}
          onRange={setRange}
          isFollowing={view.scroll.isFollowing}
          onFollow={(on) => (on ? view.scroll.follow() : view.scroll.unfollow())}
          onClear={() => model.clear()}
          onReload={reload}
          onDownload={() => void download()}
        />
      </div>
      {range.preset === 'custom' && <CustomRange range={range} onRange={setRange} />}
      {hasWhole && settings.isWhole && (
        <WholeLogSearch {...{ engine, id, settings, onShow }} text={view.find.text} />
      )}
      <Notices model={model} state={state} onRetry={reload} />
      <Body {...{ model, state, settings, view, name }} onRetry={reload} />
    </section>
  )
}

const fileName = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 200) || 'container'

interface LogPane {
  readonly scroll: LogScroll
  readonly find: LogFind
  readonly field: React.RefObject<HTMLInputElement | null>
  readonly refs: React.ComponentProps<typeof LogList>['refs']
}

/** The list's size, place and search, which follow one another. */
function useLogPane(model: LogModel, settings: LogSettings): LogPane {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRef<HTMLDivElement>(null)
  const probe = useRef<HTMLSpanElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const viewport = useViewport(scroller, probe)
  const { isWrapped, hasTimes } = settings
  useLayoutEffect(() => {
    model.rows.setMeasure(measureOf(viewport, { isWrapped, hasTimes }))
    model.touch()
  }, [model, viewport, isWrapped, hasTimes])
  const scroll = useLogScroll(model, viewport, { scroller, rows })
  const find = useLogFind(model, settings, scroll)
  useFindKeys({ field, step: find.step, follow: scroll.follow })
  return { scroll, find, field, refs: { scroller, rows, probe } }
}

interface BodyProps {
  readonly model: LogModel
  readonly state: LogState
  readonly settings: LogSettings
  readonly view: LogPane
  readonly name: string
  readonly onRetry: () => void
}

function Body({ model, state, settings, view, name, onRetry }: BodyProps): ReactNode {
  const t = useT()
  const [selection, onSelect] = useState<LineSelection>()
  const source = { ring: model.ring, rows: model.rows }
  const copy = (lines: LineSelection): void => copyLines(linesAsText(source, lines, settings.hasTimes), t)
  const whole = { anchor: model.ring.first, head: model.ring.end }
  const items = [
    {
      label: t('logs.copySelected'),
      shortcut: 'Ctrl+C',
      disabled: !selection,
      onSelect: () => selection && copy(selection),
    },
    { label: t('logs.copyAll'), disabled: model.rows.length === 0, onSelect: () => copy(whole) },
    'separator' as const,
    { label: t('logs.clear'), onSelect: () => model.clear() },
  ]
  const onKeyDown = (event: KeyboardEvent): void =>
    handleListKey(event, { model, scroll: view.scroll, selection, onSelect, onCopy: copy })
  return (
    <ContextMenu items={items}>
      {/* The list inside is what has the focus; its keys are handled here. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="log-view__body" onKeyDown={onKeyDown}>
        <LogList
          {...{ model, selection, onSelect }}
          scroll={view.scroll}
          refs={view.refs}
          label={t('logs.region', { name })}
          isWrapped={settings.isWrapped}
          hasTimes={settings.hasTimes}
          current={view.find.current}
        />
        {model.rows.length === 0 && <Nothing {...{ model, state, onRetry }} />}
      </div>
    </ContextMenu>
  )
}

function copyLines(text: string, t: ReturnType<typeof useT>): void {
  const count = text === '' ? 0 : text.split('\n').length
  void copyText(text, t('logs.copied', { count, number: formatNumber(count) }))
}

/** What a person must know of what they see, above it. */
function Notices({ model, state, onRetry }: Pick<BodyProps, 'model' | 'state' | 'onRetry'>): ReactNode {
  const t = useT()
  const problem = problemWords(t, model.search)
  const { dropped } = model.ring
  return (
    <>
      {problem !== undefined && (
        <div className="log-view__notice log-view__notice--bad" role="alert">
          {problem}
        </div>
      )}
      {dropped > 0 && (
        <div className="log-view__notice">
          {t('logs.dropped', {
            count: dropped,
            number: formatNumber(dropped),
            limit: formatBytes(ringBytes, 'binary'),
          })}
        </div>
      )}
      {state.kind === 'failed' && model.rows.length > 0 && (
        <div className="log-view__notice log-view__notice--bad" role="alert">
          {t('logs.stopped', { reason: errorWords(t, state.error).title })}
          <Button size="sm" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        </div>
      )}
    </>
  )
}

function Nothing({ model, state, onRetry }: Pick<BodyProps, 'model' | 'state' | 'onRetry'>): ReactNode {
  const t = useT()
  if (state.kind === 'failed') {
    const words = errorWords(t, state.error)
    const text = words.detail === undefined ? words.text : `${words.text} ${words.detail}`
    const action = <Button onClick={onRetry}>{t('common.retry')}</Button>
    return <ErrorState title={words.title} text={text} command={words.command} action={action} />
  }
  const icon = <ScrollText />
  if (model.ring.length > 0 && !model.search.isScanning)
    return <EmptyState icon={icon} title={t('logs.emptyFilter')} text={t('logs.emptyFilterText')} />
  if (model.ring.length > 0) return <Loading label={t('logs.scanning')} />
  if (state.kind === 'opening') return <OpeningSoon />
  if (model.ring.first > 0) {
    const action = <Button onClick={onRetry}>{t('logs.reload')}</Button>
    return (
      <EmptyState
        icon={icon}
        title={t('logs.emptyCleared')}
        text={t('logs.emptyClearedText')}
        action={action}
      />
    )
  }
  return state.kind === 'ended' ? (
    <EmptyState icon={icon} title={t('logs.emptyEnded')} text={t('logs.emptyEndedText')} />
  ) : (
    <EmptyState icon={icon} title={t('logs.emptyRunning')} text={t('logs.emptyRunningText')} />
  )
}

/** A silent container answers nothing at all: after a moment this is what is said, not that it loads. */
const silentAfterMs = 1500

function OpeningSoon(): ReactNode {
  const t = useT()
  const [isSilent, setSilent] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSilent(true), silentAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return isSilent ? (
    <EmptyState icon={<ScrollText />} title={t('logs.emptyRunning')} text={t('logs.emptyRunningText')} />
  ) : (
    <Loading label={t('logs.opening')} />
  )
}
