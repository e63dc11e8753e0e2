import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { formatNumber } from '../i18n/format'
import { useT } from '../i18n'
import { useRunningTasks } from '../store/activity'
import { useEngineFilter } from '../store/engine-filter'
import { useIsMissing } from '../objects/MissingLists'
import { useRows } from '../store/inventory'
import { useMachines } from '../store/machines'
import type { Kind } from '../../shared/model'
import { classNames } from '../ui'
import { EngineList } from './EngineList'
import { isUnder, nav, settingsEntry, type NavEntry } from './nav'
import './sidebar.css'

export function Sidebar(): ReactNode {
  const t = useT()
  return (
    <div className="sidebar" data-area="pages">
      <nav className="sidebar__nav" aria-label={t('shell.nav.label')}>
        {nav.map((entry) => (
          <NavLink key={entry.path} entry={entry}>
            <EntryCount entry={entry} />
          </NavLink>
        ))}
        <span className="sidebar__space" />
        <NavLink entry={settingsEntry} />
      </nav>
      <EngineList />
    </div>
  )
}

function NavLink({
  entry,
  children,
}: {
  readonly entry: NavEntry
  readonly children?: ReactNode
}): ReactNode {
  const t = useT()
  const [path] = useLocation()
  const isHere = isUnder(path, entry)
  const Icon = entry.icon
  return (
    <Link
      href={entry.path}
      className={classNames('sidebar__link', isHere && 'sidebar__link--here')}
      aria-current={isHere ? 'page' : undefined}
    >
      <Icon aria-hidden="true" />
      <span className="truncate">{t(entry.title)}</span>
      {children}
    </Link>
  )
}

function EntryCount({ entry }: { readonly entry: NavEntry }): ReactNode {
  if (entry.kind) return <Count kind={entry.kind} />
  return entry.count === 'machines' ? <MachineCount /> : <RunningCount />
}

function MachineCount(): ReactNode {
  const count = useMachines().length
  return count === 0 ? null : <span className="sidebar__count num">{formatNumber(count)}</span>
}

function Count({ kind }: { readonly kind: Kind }): ReactNode {
  const rows = useRows(kind)
  const engine = useEngineFilter()
  const count = engine === undefined ? rows.length : rows.filter((row) => row.engine === engine).length
  const isMissing = useIsMissing(kind)
  if (count === 0 && isMissing) return null
  return <span className="sidebar__count num">{formatNumber(count)}</span>
}

function RunningCount(): ReactNode {
  const count = useRunningTasks().length
  return count === 0 ? null : (
    <span className="sidebar__count sidebar__count--live num">{formatNumber(count)}</span>
  )
}
