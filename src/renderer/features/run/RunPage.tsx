import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useSearch } from 'wouter'
import type { EngineId, MadeLike, ObjectRef } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { awayWords, EngineField } from '../../objects/EngineChoice'
import { useHeldEngine, type HeldEngine } from '../../objects/held-engine'
import { useFeedState } from '../../store/inventory'
import { Button, EmptyState, ErrorState, Loading, PageHeader } from '../../ui'
import { EnvSection, ImageSection } from './BasicsSections'
import { CommandPane } from './CommandPane'
import { RunFormProvider, useRunForm, useRunFormState } from './form'
import { useKeptForm } from './kept-form'
import {
  HealthSection,
  LabelsSection,
  NetworkSection,
  ProcessSection,
  ResourcesSection,
  SecuritySection,
} from './MoreSections'
import { MountsSection } from './MountsSection'
import { PortsSection } from './PortsSection'
import './run.css'
import { useSubmit } from './use-submit'

/** `/run?engine=&image=` begins with an image, `?engine=&like=<container>` with that container's spec. */
export function RunPage(): ReactNode {
  const search = useSearch()
  // Another image or container is another form.
  return <OpenedPage key={search} query={new URLSearchParams(search)} />
}

function OpenedPage({ query }: { readonly query: URLSearchParams }): ReactNode {
  const t = useT()
  // Before that nobody can tell which engines there are.
  return useFeedState() === 'waiting' ? <Loading label={t('run.title')} /> : <HeldPage query={query} />
}

/** Once the form is drawn nothing but the person takes it away or moves it to another engine. */
function HeldPage({ query }: { readonly query: URLSearchParams }): ReactNode {
  const t = useT()
  const [image, like] = [query.get('image') ?? '', query.get('like')]
  const isPlain = image === '' && like === null
  const [kept] = useKeptForm()
  const engine = useHeldEngine(query.get('engine') ?? (isPlain ? kept?.engine : undefined))
  const [round, setRound] = useState(0)
  const [first, setFirst] = useState(() => (like === null ? emptyLike(image) : undefined))
  if (!engine.held) return <EmptyState title={t('objects.engineNone')} />
  if (!first)
    return (
      <LikeReader
        container={{ engine: engine.held.id, id: like ?? '' }}
        onRead={setFirst}
        onEmpty={() => setFirst(emptyLike(image))}
      />
    )
  return (
    <RunForm
      key={round}
      held={engine}
      engine={engine.held.id}
      first={isPlain ? undefined : first}
      onStartOver={() => setRound(round + 1)}
    />
  )
}

const emptyLike = (image: string): MadeLike => ({ spec: emptyRunSpec(image), flags: [], networks: [] })

interface LikeReaderProps {
  readonly container: ObjectRef
  readonly onRead: (like: MadeLike) => void
  readonly onEmpty: () => void
}

/** Waits for the spec of the container whose like is wanted. */
function LikeReader({ container, onRead, onEmpty }: LikeReaderProps): ReactNode {
  const t = useT()
  const { value, error, reload } = useCall('containers.spec', container)
  useEffect(() => {
    // Two containers cannot have one name.
    if (value) onRead({ ...value, spec: { ...value.spec, name: '' } })
  }, [value, onRead])
  if (!error) return <Loading label={t('run.title')} />
  const words = errorWords(t, error)
  return (
    <ErrorState
      title={t('run.likeFailed')}
      text={`${words.title}. ${words.text}`}
      command={words.command}
      action={
        <>
          <Button onClick={reload}>{t('common.retry')}</Button>
          <Button variant="ghost" onClick={onEmpty}>
            {t('run.startEmpty')}
          </Button>
        </>
      }
    />
  )
}

interface RunFormProps {
  readonly engine: EngineId
  /** Absent: what was kept, or an empty form. */
  readonly first: MadeLike | undefined
  readonly held: HeldEngine
  readonly onStartOver: () => void
}

function RunForm({ engine, first, held, onStartOver }: RunFormProps): ReactNode {
  const form = useRunFormState(engine, first)
  const startOver = (): void => {
    form.forget()
    onStartOver()
  }
  return (
    <RunFormProvider value={form}>
      <RunLayout held={held} onStartOver={startOver} />
    </RunFormProvider>
  )
}

function RunLayout({ held, onStartOver }: Pick<RunFormProps, 'held' | 'onStartOver'>): ReactNode {
  const t = useT()
  const { isTouched, isRunning } = useRunForm()
  const submit = useSubmit()
  const away = awayWords(t, held)
  const isAway = away !== undefined
  return (
    <form
      className="run-page"
      aria-label={t('run.title')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isAway) void submit(true)
      }}
    >
      <PageHeader
        title={t('run.title')}
        back={{ href: '#/containers', label: t('run.cancel') }}
        actions={
          <>
            {held.choices.length > 1 && <EngineField {...held} hideLabel />}
            {isTouched && (
              <Button variant="ghost" disabled={isRunning} onClick={onStartOver} type="button">
                {t('run.startOver')}
              </Button>
            )}
            <Button disabled={isRunning || isAway} onClick={() => void submit(false)} type="button">
              {t('run.create')}
            </Button>
            <Button variant="primary" type="submit" busy={isRunning} disabled={isAway}>
              {t('run.start')}
            </Button>
          </>
        }
      />
      {isAway && (
        <div role="alert" className="run-page__away">
          {away}
        </div>
      )}
      <div className="run-page__body">
        <div className="run-page__form">
          <ImageSection />
          <PortsSection />
          <EnvSection />
          <MountsSection />
          <NetworkSection />
          <ResourcesSection />
          <ProcessSection />
          <HealthSection />
          <SecuritySection />
          <LabelsSection />
        </div>
        <CommandPane />
      </div>
    </form>
  )
}
