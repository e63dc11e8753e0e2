import { Unplug } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { WireError } from '../../shared/errors'
import type { Engine, EngineId, Kind, MissingList } from '../../shared/model'
import { act } from '../api'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { useEngines, useFeedState } from '../store/inventory'
import { Button, EmptyState, ErrorState, Loading } from '../ui'
import './missing-lists.css'

interface ListOf {
  readonly kind: Kind
  /** The one engine whose rows are shown; empty for all. */
  readonly engine: string
}

const useShown = ({ engine }: ListOf): readonly Engine[] =>
  useEngines().filter(({ id }) => engine === '' || id === engine)

/** No rows of a kind say nothing: an engine, or just this one, has not given them. */
export const useIsMissing = (kind: Kind, engine = ''): boolean =>
  useEngines().some(({ id, missing }) => missing?.[kind] && (engine === '' || id === engine))

/** Above rows: of which engines they are not all, and why. Nothing where they are. */
export function MissingLists(list: ListOf): ReactNode {
  const t = useT()
  return useShown(list).map(({ id, name, missing }) => {
    const why = missing?.[list.kind]
    const title = why && t(`objects.missing.${why.kind}`, { engine: name })
    return (
      why && (
        <MissingLine
          key={id}
          engine={id}
          title={title}
          text={t(`objects.missing.${why.kind}Text`)}
          why={why}
        />
      )
    )
  })
}

/** Above rows that are chosen by who uses them: of which engines that cannot be told. */
export function MissingUsers({ engine }: Pick<ListOf, 'engine'>): ReactNode {
  const t = useT()
  return useShown({ kind: 'containers', engine }).map(({ id, name, missing }) => {
    const why = missing?.containers
    const title = t('objects.missing.users', { engine: name })
    return (
      why && (
        <MissingLine key={id} engine={id} title={title} text={t('objects.missing.usersText')} why={why} />
      )
    )
  })
}

interface MissingLineProps {
  readonly engine: EngineId
  readonly title: ReactNode
  readonly text: string
  readonly why: MissingList
}

function MissingLine({ engine, title, text, why }: MissingLineProps): ReactNode {
  return (
    <p className="missing-list" role="status">
      <strong>
        <bdi>{title}</bdi>.
      </strong>{' '}
      {text} {why.kind === 'refused' && <Reason error={why.error} />}{' '}
      {why.kind === 'refused' && <AskAgain engine={engine} />}
    </p>
  )
}

function Reason({ error }: { readonly error: WireError }): ReactNode {
  const { title, detail } = errorWords(useT(), error)
  return <bdi className="missing-list__reason">{detail ?? title}</bdi>
}

/** In place of rows, in this order: not known yet, no engine, not given, none (`none`), no engine answers. */
export function NoRows({ none, ...list }: ListOf & { readonly none: ReactNode }): ReactNode {
  const t = useT()
  const feed = useFeedState()
  const engines = useShown(list)
  const toEngine = <a href="#/engine">{t('objects.missing.toEngine')}</a>
  if (feed === 'waiting') return <Loading label={t('objects.missing.loading')} />
  if (engines.length === 0)
    return (
      <EmptyState
        icon={<Unplug />}
        title={t('objects.missing.noEngine')}
        text={t('objects.missing.noEngineText')}
        action={toEngine}
      />
    )
  const running = engines.filter(({ state }) => state.kind === 'running')
  const missing = running.find((engine) => engine.missing?.[list.kind]) ?? running[0]
  if (missing) return <NotGiven engine={missing} why={missing.missing?.[list.kind]} none={none} />
  const lost = engines.find(({ state }) => state.kind === 'lost')
  if (lost?.state.kind !== 'lost') return <Loading label={t('objects.missing.loading')} />
  const words = errorWords(t, lost.state.error)
  return (
    <ErrorState
      title={t('objects.missing.lost')}
      text={`${words.title}. ${t('objects.missing.lostText')}`}
      action={toEngine}
    />
  )
}

interface NotGivenProps {
  readonly engine: Engine
  readonly why: MissingList | undefined
  readonly none: ReactNode
}

function NotGiven({ engine, why, none }: NotGivenProps): ReactNode {
  const t = useT()
  if (!why) return none
  if (why.kind === 'awaited') return <Loading label={t('objects.missing.awaited', { engine: engine.name })} />
  const { command } = errorWords(t, why.error)
  return (
    <ErrorState
      title={t('objects.missing.refused', { engine: engine.name })}
      text={
        <>
          <Reason error={why.error} />
          <br />
          {t('objects.missing.again')}
        </>
      }
      command={command}
      action={<AskAgain engine={engine.id} />}
    />
  )
}

function AskAgain({ engine }: { readonly engine: EngineId }): ReactNode {
  const [isBusy, setBusy] = useState(false)
  const again = (): void => {
    setBusy(true)
    void act('engines.retry', { engine }).finally(() => setBusy(false))
  }
  return (
    <Button size="sm" busy={isBusy} onClick={again}>
      {useT()('objects.missing.now')}
    </Button>
  )
}
