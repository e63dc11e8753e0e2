import { Container as Box, SearchX, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorWords } from '../../../i18n/error-words'
import { useT } from '../../../i18n'
import { NoRows } from '../../../objects/MissingLists'
import { useEngines, useFeedState } from '../../../store/inventory'
import { Button, EmptyState, ErrorState, LinkButton, Loading } from '../../../ui'
import type { ContainerList } from './use-container-list'

/** In place of rows, in this order: not known yet, nothing matches, no engine answers, nothing there. */
export function EmptyList({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  const feed = useFeedState()
  if (feed === 'waiting') return <Loading label={t('containers.empty.loading')} />
  if (list.all.length > 0)
    return (
      <EmptyState
        icon={<SearchX />}
        title={t('containers.empty.noMatch')}
        text={t('containers.empty.noMatchText', { total: list.all.length })}
        action={<Button onClick={list.clear}>{t('containers.filter.clear')}</Button>}
      />
    )
  return <NoRows kind="containers" none={<NoContainers />} />
}

function NoContainers(): ReactNode {
  const t = useT()
  const engines = useEngines()
  const toEngine = <a href="#/engine">{t('containers.empty.toEngine')}</a>
  if (engines.length === 0)
    return (
      <EmptyState
        icon={<Unplug />}
        title={t('containers.empty.noEngine')}
        text={t('containers.empty.noEngineText')}
        action={toEngine}
      />
    )
  if (engines.some((engine) => engine.state.kind === 'running'))
    return (
      <EmptyState
        icon={<Box />}
        title={t('containers.empty.title')}
        text={t('containers.empty.text')}
        action={
          <LinkButton variant="primary" href="#/run">
            {t('containers.empty.action')}
          </LinkButton>
        }
      />
    )
  const lost = engines.find((engine) => engine.state.kind === 'lost')
  if (lost?.state.kind !== 'lost') return <Loading label={t('containers.empty.loading')} />
  const words = errorWords(t, lost.state.error)
  return (
    <ErrorState
      title={t('containers.empty.lost')}
      text={`${words.title} ${t('containers.empty.lostText')}`}
      action={toEngine}
    />
  )
}
