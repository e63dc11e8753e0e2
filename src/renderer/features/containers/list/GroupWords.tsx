import { Play, RotateCw, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useEngines } from '../../../store/inventory'
import { Badge, IconButton, type GroupItem } from '../../../ui'
import { doVerb } from '../actions/do-verb'
import { takers } from '../actions/offered'
import { summaryOf } from './groups'

const buttons = [
  { verb: 'start', word: 'startAll', icon: <Play /> },
  { verb: 'stop', word: 'stopAll', icon: <Square /> },
  { verb: 'restart', word: 'restartAll', icon: <RotateCw /> },
] as const

/** A group's line: its name, how many run, and what can be done to all of it. */
export function GroupWords({ group }: { readonly group: GroupItem<Container> }): ReactNode {
  const t = useT()
  const engines = useEngines()
  const { project, runningCount, unhealthyCount, total } = summaryOf(group.id, group.rows)
  const engine = engines.length > 1 ? engines.find(({ id }) => id === group.rows[0]?.engine) : undefined
  return (
    <>
      <bdi className="containers__project" title={project}>
        {project ?? t('containers.health.unhealthy')}
      </bdi>
      <span className="containers__hint num">
        {t('containers.runningCount', { running: runningCount, total })}
      </span>
      {project !== undefined && unhealthyCount > 0 && (
        <Badge tone="bad">{t('containers.unhealthyCount', { count: unhealthyCount })}</Badge>
      )}
      {project !== undefined && engine && (
        <span className="containers__hint">
          <bdi>{engine.name}</bdi>
        </span>
      )}
      <span className="toolbar__space" />
      {buttons.map(({ verb, word, icon }) => (
        <IconButton
          key={verb}
          size="sm"
          label={t(`containers.menu.${word}`)}
          icon={icon}
          disabled={takers(verb, group.rows).length === 0}
          onClick={() => doVerb(verb, group.rows)}
        />
      ))}
    </>
  )
}
