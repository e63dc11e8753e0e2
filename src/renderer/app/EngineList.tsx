import { ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Engine } from '../../shared/model'
import { useT } from '../i18n'
import { setEngineFilter, useEngineFilter } from '../store/engine-filter'
import { openHostTerminal } from '../store/dock'
import { useEngines } from '../store/inventory'
import { classNames, Menu, StatusDot, type MenuItem } from '../ui'
import { engineStateWords, engineTone } from '../objects/engine-words'

/** The engines at the sidebar's foot: how each is, and which one the lists are narrowed to. */
export function EngineList(): ReactNode {
  const t = useT()
  const engines = useEngines()
  return (
    <section className="engine-list" aria-label={t('shell.engines.label')}>
      {engines.length === 0 && <NoEngine />}
      {engines.map((engine) => (
        <EngineEntry key={engine.id} engine={engine} isOnly={engines.length === 1} />
      ))}
    </section>
  )
}

function NoEngine(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  return (
    <button type="button" className="engine-list__engine" onClick={() => navigate('/engine')}>
      <StatusDot tone="idle" label={t('shell.engines.none')} />
      <span className="engine-list__words">{t('shell.engines.none')}</span>
    </button>
  )
}

function EngineEntry({ engine, isOnly }: { readonly engine: Engine; readonly isOnly: boolean }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const chosen = useEngineFilter() === engine.id
  const state = engineStateWords(t, engine)
  const facts = engine.state.kind === 'running' && engine.facts ? engine.facts.version : state
  const narrow: MenuItem[] = isOnly
    ? []
    : [
        {
          label: t('shell.engines.onlyThis'),
          checked: chosen,
          onSelect: () => setEngineFilter(chosen ? undefined : engine.id),
        },
        { label: t('shell.engines.showAll'), onSelect: () => setEngineFilter(undefined) },
        'separator',
      ]
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={classNames('engine-list__engine', chosen && 'engine-list__engine--chosen')}
          title={engine.address}
        >
          <StatusDot tone={engineTone(engine)} label={state} />
          <span className="engine-list__words">
            <bdi className="truncate">{engine.name}</bdi>
            <span className="engine-list__facts truncate">{facts}</span>
          </span>
          <ChevronsUpDown size={12} aria-hidden="true" />
        </button>
      }
      items={[
        ...narrow,
        { label: t('shell.engines.show'), onSelect: () => navigate('/engine') },
        { label: t('shell.hostTerminal'), onSelect: () => openHostTerminal(engine.id) },
        { label: t('shell.engines.manage'), onSelect: () => navigate('/settings') },
      ]}
    />
  )
}
