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
import { RunFormProvider, useRunForm, useRunFormState } from './form'
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
  const t = useT()
  const query = new URLSearchParams(useSearch())
  const engines = useEngines().filter((engine) => engine.state.kind === 'running')
  const [chosen, setChosen] = useState(query.get('engine') ?? '')
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
  return <RunForm engine={engine.id} first={first} choice={choice} />
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

function RunForm({
  engine,
  first,
  choice,
}: {
  readonly engine: EngineId
  readonly first: RunSpec
  readonly choice: ReactNode
}): ReactNode {
  const form = useRunFormState(engine, first)
  return (
    <RunFormProvider value={form}>
      <RunLayout choice={choice} />
    </RunFormProvider>
  )
}

function RunLayout({ choice }: { readonly choice: ReactNode }): ReactNode {
  const t = useT()
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
  const { engine, spec, problems, unread, setTried } = useRunForm()
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
    const made = await act('containers.run', { engine, spec, start })
    setIsBusy(false)
    if (made) navigate(`/containers/${encodeURIComponent(engine)}/${made.id}/${start ? 'logs' : 'inspect'}`)
  }
  return { isBusy, submit }
}
