import { Suspense, type ComponentType, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useT } from '../i18n'
import { useEngines, useFeedState } from '../store/inventory'
import { Button, EmptyState, Loading } from '../ui'
import { chunk } from './chunk'
import { features } from './feature-chunks'
import { PageBoundary } from './PageBoundary'
import { useFoundFocus } from './page-focus'

interface ObjectPageProps {
  readonly engine: string
  readonly id: string
  readonly tab?: string
}

const ContainersPage = chunk(async () => (await features.containers()).ContainersPage)
const ContainerPage = chunk(async () => {
  const [{ ContainerPage: Page }, { LogView }, { ContainerTerminal }, { FilesView }] = await Promise.all([
    features.containers(),
    features.logs(),
    features.terminal(),
    features.files(),
  ])
  return (props: ObjectPageProps) => (
    <Page
      {...props}
      logs={(container) => <LogView {...container} />}
      terminal={(container) => <ContainerTerminal {...container} />}
      files={(container) => <FilesView kind="container" {...container} />}
    />
  )
})
const ImagesPage = chunk(async () => (await features.images()).ImagesPage)
const ImagePage = chunk(async () => {
  const [{ ImagePage: Page }, { LayersExplorer }] = await Promise.all([features.images(), features.layers()])
  return (props: ObjectPageProps) => (
    <Page
      {...props}
      layers={(imageRef, sizeBytes) => <LayersExplorer imageRef={imageRef} sizeBytes={sizeBytes} />}
    />
  )
})
const ComparePage = chunk(async () => (await features.layers()).ComparePage)
const VolumesPage = chunk(async () => (await features.volumes()).VolumesPage)
const VolumePage = chunk(async () => {
  const [{ VolumePage: Page }, { FilesView }] = await Promise.all([features.volumes(), features.files()])
  return (props: ObjectPageProps) => (
    <Page {...props} files={(volume) => <FilesView kind="volume" {...volume} />} />
  )
})
const NetworksPage = chunk(async () => (await features.networks()).NetworksPage)
const NetworkPage = chunk(async () => (await features.networks()).NetworkPage)
const RunPage = chunk(async () => (await features.run()).RunPage)
const ActivityPage = chunk(async () => (await features.activity()).ActivityPage)
const SettingsPage = chunk(async () => (await features.settings()).SettingsPage)
const EnginePage = chunk(async () => {
  const [{ EnginePage: Page }, { MachineOnboarding }] = await Promise.all([
    features.engine(),
    features.onboarding(),
  ])
  return () => <Page onboarding={<MachineOnboarding />} />
})
const DiagnosticsPage = chunk(async () => (await features.diagnostics()).DiagnosticsPage)
const DiskPage = chunk(async () => (await features.disk()).DiskPage)
const MachinesPage = chunk(async () => (await features.machines()).MachinesPage)
const MachinePage = chunk(async () => (await features.machines()).MachinePage)

export function Pages(): ReactNode {
  const t = useT()
  const [path] = useLocation()
  return (
    <PageBoundary page={path}>
      <Suspense fallback={<Loading label={t('common.loading')} />}>
        <PageFocus page={path} />
        <Switch>
          <Route path="/">
            <Redirect to="/containers" replace />
          </Route>
          <Route path="/activity" component={ActivityPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="/engine" component={EnginePage} />
          <Route path="/diagnostics" component={DiagnosticsPage} />
          <Route path="/disk/:engine">{({ engine }) => <DiskPage engine={decoded(engine)} />}</Route>
          <Route path="/machines" component={MachinesPage} />
          <Route path="/machines/:id/:tab?">
            {({ id, tab }) => <MachinePage id={decoded(id)} tab={tab} />}
          </Route>
          <Route>
            <EnginePages />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  )
}

/** Drawn with the page, and not before: while its chunk is on its way, what had the focus is still there. */
function PageFocus({ page }: { readonly page: string }): ReactNode {
  // The first address leads on by itself: that is no move of the person's.
  useFoundFocus(page === '/' ? '/containers' : page)
  return null
}

/** Pages about what engines hold. With no engine at all they would all be empty: the roads are shown instead. */
function EnginePages(): ReactNode {
  const t = useT()
  const hasEngines = useEngines().length > 0
  const feed = useFeedState()
  if (feed === 'waiting') return <Loading label={t('common.loading')} />
  if (!hasEngines) return <EnginePage />
  return (
    <Switch>
      <Route path="/containers" component={ContainersPage} />
      <Route path="/containers/:engine/:id/:tab?">{objectPage(ContainerPage)}</Route>
      <Route path="/run" component={RunPage} />
      <Route path="/images" component={ImagesPage} />
      <Route path="/images/compare/:engine/:id">{(one) => comparePage(one)}</Route>
      <Route path="/images/compare/:engine/:id/:withEngine/:withId">{(two) => comparePage(two)}</Route>
      <Route path="/images/:engine/:id/:tab?">{objectPage(ImagePage)}</Route>
      <Route path="/volumes" component={VolumesPage} />
      <Route path="/volumes/:engine/:id/:tab?">{objectPage(VolumePage)}</Route>
      <Route path="/networks" component={NetworksPage} />
      <Route path="/networks/:engine/:id">{objectPage(NetworkPage)}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** Gives a page its object, decoded. Another object is another page: nothing of the last one stays in it. */
function objectPage(Page: ComponentType<ObjectPageProps>) {
  return function draw(params: { engine: string; id: string; tab?: string }): ReactNode {
    const [engine, id] = [decoded(params.engine), decoded(params.id)]
    return (
      <Page
        key={`${engine}/${id}`}
        engine={engine}
        id={id}
        {...(params.tab !== undefined && { tab: params.tab })}
      />
    )
  }
}

interface ComparedImages {
  readonly engine: string
  readonly id: string
  readonly withEngine?: string | undefined
  readonly withId?: string | undefined
}

const comparePage = ({ engine, id, withEngine, withId }: ComparedImages): ReactNode => (
  <ComparePage
    engine={decoded(engine)}
    id={decoded(id)}
    {...(withEngine !== undefined && { withEngine: decoded(withEngine) })}
    {...(withId !== undefined && { withId: decoded(withId) })}
  />
)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function NotFound(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  return (
    <EmptyState
      title={t('shell.notFound.title')}
      text={t('shell.notFound.text')}
      action={<Button onClick={() => navigate('/containers')}>{t('shell.notFound.action')}</Button>}
    />
  )
}
