import { FolderTree, HeartPulse, X } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { useT } from '../../../i18n'
import { useEngines } from '../../../store/inventory'
import { Button, IconButton, SearchField, Select, Toolbar } from '../../../ui'
import { healths, states, type ListFilter } from './filter'
import type { ContainerList } from './use-container-list'

/** A value no project can have: names hold no line end. */
const standalone = '\n'

export function FilterBar({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  const { filter, setFilter } = list
  return (
    <Toolbar label={t('containers.filter.state')}>
      <SearchField
        label={t('containers.filter.search')}
        value={list.text}
        onChange={list.setText}
        width={290}
      />
      <Select<ListFilter['state']>
        label={t('containers.filter.state')}
        hideLabel
        value={filter.state}
        options={[
          { value: '', label: t('containers.filter.anyState') },
          ...states.map((state) => ({ value: state, label: t(`containers.state.${state}`) })),
        ]}
        onChange={(state) => setFilter({ ...filter, state })}
      />
      <Select<ListFilter['health']>
        label={t('containers.filter.health')}
        hideLabel
        value={filter.health}
        options={[
          { value: '', label: t('containers.filter.anyHealth') },
          ...healths.map((health) => ({ value: health, label: t(`containers.health.${health}`) })),
        ]}
        onChange={(health) => setFilter({ ...filter, health })}
      />
      <ProjectSelect list={list} />
      <EngineSelect list={list} />
      {list.isFiltered && (
        <>
          <Button variant="ghost" icon={<X aria-hidden="true" />} onClick={list.clear}>
            {t('containers.filter.clear')}
          </Button>
          <span className="containers__hint num" role="status">
            {t('containers.filter.shown', { shown: list.rows.length, total: list.all.length })}
          </span>
        </>
      )}
      <span className="toolbar__space" />
      <OrderButtons list={list} />
    </Toolbar>
  )
}

function OrderButtons({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  return (
    <>
      <IconButton
        label={t('containers.filter.unhealthyFirst')}
        icon={<HeartPulse />}
        aria-pressed={list.isUnhealthyFirst}
        className={list.isUnhealthyFirst ? 'containers__pressed' : undefined}
        onClick={() => list.setUnhealthyFirst(!list.isUnhealthyFirst)}
      />
      <IconButton
        label={t('containers.filter.grouped')}
        icon={<FolderTree />}
        aria-pressed={list.isGrouped}
        className={list.isGrouped ? 'containers__pressed' : undefined}
        onClick={() => list.setGrouped(!list.isGrouped)}
      />
    </>
  )
}

/** Shown once there is a project, and while one is chosen that is gone: else nothing could unchoose it. */
function ProjectSelect({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  const { filter, setFilter, all } = list
  const projects = useMemo(() => {
    const found = new Set(all.flatMap((one) => one.project ?? []))
    if (filter.project) found.add(filter.project)
    return [...found].sort()
  }, [all, filter.project])
  if (projects.length === 0 && !filter.isStandalone) return null
  return (
    <Select<string>
      label={t('containers.filter.project')}
      hideLabel
      value={filter.isStandalone ? standalone : filter.project}
      options={[
        { value: '', label: t('containers.filter.anyProject') },
        { value: standalone, label: t('containers.filter.standalone') },
        ...projects.map((project) => ({ value: project, label: project })),
      ]}
      onChange={(value) =>
        setFilter({
          ...filter,
          project: value === standalone ? '' : value,
          isStandalone: value === standalone,
        })
      }
    />
  )
}

function EngineSelect({ list }: { readonly list: ContainerList }): ReactNode {
  const t = useT()
  const engines = useEngines()
  if (engines.length < 2 && !list.engine) return null
  return (
    <Select<string>
      label={t('containers.filter.engine')}
      hideLabel
      value={list.engine}
      options={[
        { value: '', label: t('containers.filter.anyEngine') },
        ...engines.map((engine) => ({ value: engine.id, label: engine.name })),
      ]}
      onChange={list.setEngine}
    />
  )
}
