import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useT } from '../i18n'
import { useEngines, useFeedState } from '../store/inventory'
import { Button, EmptyState, Loading } from '../ui'
import { PageBoundary } from './PageBoundary'

interface ObjectPageProps {
  readonly engine: string
  readonly id: string
  readonly tab?: string
}

type NoProps = Record<never, never>

/** A page comes with its feature's chunk, the first time that somebody goes there. */
function page<N extends string, P extends object>(
  load: () => Promise<Record<N, ComponentType<P>>>,
  name: N,
): ComponentType<P> {
  return lazy(async () => ({ default: (await load())[name] })) as unknown as ComponentType<P>
}

const containers = () => import('../features/containers')
const images = () => import('../features/images')
const volumes = () => import('../features/volumes')
const networks = () => import('../features/networks')

const ContainersPage = page<'ContainersPage', NoProps>(containers, 'ContainersPage')
const ContainerPage = lazy(async () => {
  const [{ ContainerPage: Page }, { LogView }, { ContainerTerminal }] = await Promise.all([
    containers(),
    import('../features/logs'),
    import('../features/terminal'),
  ])
  return {
    default: (props: ObjectPageProps) => (
      <Page
        {...props}
        logs={(container) => <LogView {...container} />}
        terminal={(container) => <ContainerTerminal {...container} />}
      />
    ),
  }
})
const ImagesPage = page<'ImagesPage', NoProps>(images, 'ImagesPage')
const ImagePage = page<'ImagePage', ObjectPageProps>(images, 'ImagePage')
const VolumesPage = page<'VolumesPage', NoProps>(volumes, 'VolumesPage')
const VolumePage = page<'VolumePage', ObjectPageProps>(volumes, 'VolumePage')
const NetworksPage = page<'NetworksPage', NoProps>(networks, 'NetworksPage')
const NetworkPage = page<'NetworkPage', ObjectPageProps>(networks, 'NetworkPage')
const RunPage = page(() => import('../features/run'), 'RunPage')
const ActivityPage = page(() => import('../features/activity'), 'ActivityPage')
const SettingsPage = page(() => import('../features/settings'), 'SettingsPage')
const EnginePage = page(() => import('../features/engine'), 'EnginePage')

export function Pages(): ReactNode {
  const t = useT()
  const [path] = useLocation()
  return (
    <PageBoundary page={path}>
      <Suspense fallback={<Loading label={t('common.loading')} />}>
        <Switch>
          <Route path="/">
            <Redirect to="/containers" replace />
          </Route>
          <Route path="/activity" component={ActivityPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="/engine" component={EnginePage} />
          <Route>
            <EnginePages />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  )
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
      <Route path="/images/:engine/:id">{objectPage(ImagePage)}</Route>
      <Route path="/volumes" component={VolumesPage} />
      <Route path="/volumes/:engine/:id">{objectPage(VolumePage)}</Route>
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
