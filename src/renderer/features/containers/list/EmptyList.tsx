import { Container as Box, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { NoRows } from '../../../objects/MissingLists'
import { Button, EmptyState, LinkButton } from '../../../ui'
import type { ContainerList } from './use-container-list'

/** In place of rows: nothing matches, or why there are none. */
export function EmptyList({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  if (list.all.length > 0)
    return (
      <EmptyState
        icon={<SearchX />}
        title={t('containers.empty.noMatch')}
        text={t('containers.empty.noMatchText', { total: list.all.length })}
        action={<Button onClick={list.clear}>{t('containers.filter.clear')}</Button>}
      />
    )
  return <NoRows kind="containers" engine={list.engine} none={<NoContainers />} />
}

function NoContainers(): ReactNode {
  const t = useT()
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
}
