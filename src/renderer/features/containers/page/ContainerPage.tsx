import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { isCode } from '../../../../shared/errors'
import { keyOf, shortId, type Container, type EngineId, type ObjectRef } from '../../../../shared/model'
import { useCall } from '../../../api'
import { useT } from '../../../i18n'
import { useEngine, useFeedState, useRow } from '../../../store/inventory'
import { usePending } from '../../../store/pending'
import { Badge, ErrorState, Loading, PageHeader, StatusDot, Tabs } from '../../../ui'
import { ContainerDialogs } from '../actions/ContainerDialogs'
import type { ContainerDialog } from '../actions/dialog'
import { PortsCell } from '../list/cells'
import { pendingWords, stateWords, toneOf } from '../../../objects/container-words'
import { containerPath, containerTabs, toTab } from '../tabs'
import { Failure } from './Failure'
import { HeaderActions } from './HeaderActions'
import type { ContainerPageSlots } from './slots'
import { TabBody } from './TabBody'
import '../containers.css'

export interface ContainerPageProps extends ContainerPageSlots {
  readonly engine: string
  /** An id, its beginning, or a name. */
  readonly id: string
  readonly tab?: string | undefined
}

export function ContainerPage({ engine, id, ...rest }: ContainerPageProps): ReactNode {
  // Another container is another page: nothing that was revealed or chosen goes over.
  return <OneContainer key={`${engine}/${id}`} containerRef={{ engine: engine as EngineId, id }} {...rest} />
}

interface OneProps extends ContainerPageSlots {
  readonly containerRef: ObjectRef
  readonly tab?: string | undefined
}

function OneContainer({ containerRef, tab, ...slots }: OneProps): ReactNode {
  const row = useRow('containers', containerRef)
  // What it was called, for when it is gone.
  const [last, setLast] = useState(row)
  if (row && row !== last) setLast(row)
  if (row) return <Page container={row} tab={tab} {...slots} />
  return <Absent containerRef={containerRef} last={last} />
}

interface PageProps extends ContainerPageSlots {
  readonly container: Container
  readonly tab: string | undefined
}

function Page({ container, tab: asked, ...slots }: PageProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<ContainerDialog>()
  const tab = toTab(asked)
  const detail = useDetail(container)
  return (
    <div className="page containers">
      <PageHeader
        back={{ href: '#/containers', label: t('containers.page.back') }}
        title={container.name}
        subtitle={<Subtitle container={container} />}
        actions={<HeaderActions container={container} onDialog={setDialog} />}
      />
      <Tabs
        label={t('containers.page.tabList')}
        value={tab}
        onChange={(next) => navigate(containerPath(container, next), { replace: true })}
        tabs={containerTabs.map((one) => ({ id: one, label: t(`containers.page.tabs.${one}`) }))}
      >
        <TabBody tab={tab} container={container} detail={detail} slots={slots} />
      </Tabs>
      <ContainerDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

/** The inspect, read anew whenever the container's row changed. */
function useDetail(container: Container): ReturnType<typeof useCall<'containers.inspect'>> {
  const detail = useCall('containers.inspect', { engine: container.engine, id: container.id })
  const { reload } = detail
  const seen = useRef(container)
  useEffect(() => {
    if (seen.current === container) return
    seen.current = container
    reload()
  }, [container, reload])
  return detail
}

function Subtitle({ container }: { readonly container: Container }): ReactNode {
  const t = useT()
  const pending = usePending(keyOf(container))
  const words = pending === undefined ? stateWords(t, container) : pendingWords(t, pending)
  const { health } = container
  return (
    <span className="container-page__facts">
      <StatusDot tone={pending === undefined ? toneOf(container) : 'busy'} label={words} />
      <span role="status">{words}</span>
      {health && container.state === 'running' && (
        <Badge tone={health === 'healthy' ? 'ok' : health === 'unhealthy' ? 'bad' : 'busy'}>
          {t(`containers.health.${health}`)}
        </Badge>
      )}
      <a
        className="container-page__image"
        href={`#/images/${encodeURIComponent(container.engine)}/${encodeURIComponent(container.imageId)}`}
        title={container.image}
      >
        <bdi>{container.image}</bdi>
      </a>
      <PortsCell container={container} />
    </span>
  )
}

interface AbsentProps {
  readonly containerRef: ObjectRef
  readonly last: Container | undefined
}

/** No such row: not known yet, gone while we looked, or never there. */
function Absent({ containerRef, last }: AbsentProps): ReactNode {
  const t = useT()
  const feed = useFeedState()
  const engine = useEngine(containerRef.engine)
  const back = <a href="#/containers">{t('containers.page.back')}</a>
  if (last)
    return (
      <ErrorState
        title={t('containers.page.gone')}
        text={t('containers.page.goneText', { name: last.name })}
        action={back}
      />
    )
  if (feed === 'waiting') return <Loading label={t('containers.page.loading')} />
  if (!engine) return <ErrorState title={t('containers.page.noEngine')} action={back} />
  if (engine.state.kind !== 'running') return <Loading label={t('containers.page.loading')} />
  return <Unknown containerRef={containerRef} />
}

/** The feed has no such row; the engine is asked, as a row that was just made may be a moment late. */
function Unknown({ containerRef }: { readonly containerRef: ObjectRef }): ReactNode {
  const t = useT()
  const answer = useCall('containers.inspect', { engine: containerRef.engine, id: containerRef.id })
  if (answer.state === 'failed' && !isCode(answer.error, 'object.not-found'))
    return <Failure title={t('containers.page.failed')} error={answer.error} onRetry={answer.reload} />
  if (answer.state !== 'failed') return <Loading label={t('containers.page.loading')} />
  return (
    <ErrorState
      title={t('containers.page.unknown')}
      text={t('containers.page.unknownText', { id: shortId(containerRef.id) })}
      action={<a href="#/containers">{t('containers.page.back')}</a>}
    />
  )
}
