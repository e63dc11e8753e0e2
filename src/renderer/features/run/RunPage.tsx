import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { EngineId, RunSpec } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import { act, call } from '../../api'
import { useT } from '../../i18n'
import { useEngines } from '../../store/inventory'
import { Button, Loading, PageHeader, Select } from '../../ui'
import { EnvSection, ImageSection } from './BasicsSections'
import { CommandPane } from './CommandPane'
import { withoutBlankLines } from './blank-lines'
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

/** `/run?engine=&image=` begins with an image, `?engine=&like=<container>` with that container's spec. */
export function RunPage(): ReactNode {
  const search = useSearch()
  // Another image or container is another form.
  return <OpenedPage key={search} query={new URLSearchParams(search)} />
}

function OpenedPage({ query }: { readonly query: URLSearchParams }): ReactNode {
  const t = useT()
  const engines = useEngines().filter((engine) => engine.state.kind === 'running')
  const isPlain = !query.get('image') && query.get('like') === null
  const [kept] = useKeptForm()
  const [chosen, setChosen] = useState(query.get('engine') ?? (isPlain ? kept?.engine : undefined) ?? '')
  const [round, setRound] = useState(0)
  const engine = engines.find((one) => one.id === chosen) ?? engines[0]
  const first = useFirstSpec(query)
  if (!engine || !first) return <Loading label={t('run.title')} />
  const choice =
    engines.length > 1 ? (
      <Select
        label={t('run.engine')}
        hideLabel
        value={engine.id}
        options={engines.map((one) => ({ value: one.id, label: one.name }))}
        onChange={setChosen}
      />
    ) : undefined
  return (
    <RunForm
      key={round}
      engine={engine.id}
      first={isPlain ? undefined : first}
      choice={choice}
      onStartOver={() => setRound(round + 1)}
    />
  )
}

/** What the form begins with; waits for the container whose like is wanted. */
function useFirstSpec(query: URLSearchParams): RunSpec | undefined {
  const like = query.get('like')
  const engine = query.get('engine') as EngineId | null
  const image = query.get('image') ?? ''
  const [spec, setSpec] = useState(() => (like === null ? emptyRunSpec(image) : undefined))
  useEffect(() => {
    if (like === null || engine === null) return
    const stop = new AbortController()
    call('containers.spec', { engine, id: like }, stop.signal).then(
      // Two containers cannot have one name.
      (found) => setSpec({ ...found, name: '' }),
      () => setSpec(emptyRunSpec(image)),
    )
    return () => stop.abort()
  }, [like, engine, image])
  return spec
}

interface RunFormProps {
  readonly engine: EngineId
  /** Absent: what was kept, or an empty form. */
  readonly first: RunSpec | undefined
  readonly choice: ReactNode
  readonly onStartOver: () => void
}

function RunForm({ engine, first, choice, onStartOver }: RunFormProps): ReactNode {
  const form = useRunFormState(engine, first)
  const startOver = (): void => {
    form.forget()
    onStartOver()
  }
  return (
    <RunFormProvider value={form}>
      <RunLayout choice={choice} onStartOver={startOver} />
    </RunFormProvider>
  )
}

function RunLayout({ choice, onStartOver }: Pick<RunFormProps, 'choice' | 'onStartOver'>): ReactNode {
  const t = useT()
  const { isTouched } = useRunForm()
  const { isBusy, submit } = useSubmit()
  return (
    <form
      className="run-page"
      aria-label={t('run.title')}
      onSubmit={(event) => {
        event.preventDefault()
        void submit(true)
      }}
    >
      <PageHeader
        title={t('run.title')}
        back={{ href: '#/containers', label: t('run.cancel') }}
        actions={
          <>
            {choice}
            {isTouched && (
              <Button variant="ghost" disabled={isBusy} onClick={onStartOver} type="button">
                {t('run.startOver')}
              </Button>
            )}
            <Button disabled={isBusy} onClick={() => void submit(false)} type="button">
              {t('run.create')}
            </Button>
            <Button variant="primary" type="submit" busy={isBusy}>
              {t('run.start')}
            </Button>
          </>
        }
      />
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

/** Runs or creates; on success the container's page opens, on failure the form stays as it was. */
function useSubmit(): { isBusy: boolean; submit: (start: boolean) => Promise<void> } {
  const { engine, spec, problems, unread, setTried, forget } = useRunForm()
  const [, navigate] = useLocation()
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (start: boolean): Promise<void> => {
    setTried()
    if (problems.length > 0 || unread.size > 0) {
      // The first wrong field, once React has marked it.
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.run-page [aria-invalid="true"]')?.focus(),
      )
      return
    }
    setIsBusy(true)
    const made = await act('containers.run', { engine, spec: withoutBlankLines(spec), start })
    setIsBusy(false)
    if (!made) return
    forget()
    navigate(`/containers/${encodeURIComponent(engine)}/${made.id}/${start ? 'logs' : 'inspect'}`)
  }
  return { isBusy, submit }
}
