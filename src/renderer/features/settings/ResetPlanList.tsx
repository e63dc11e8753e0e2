import type { ReactNode } from 'react'
import type { ResetItem, ResetMachinePlan, ResetPlan } from '../../../shared/model'
import { useT, type Translate } from '../../i18n'
import { formatBytes } from '../../i18n/format'

interface Row {
  readonly what: string
  readonly path: string
  readonly size?: string
}

interface Group {
  readonly title: string
  readonly rows: readonly Row[]
  /** What is in it, in words. */
  readonly holds?: string
}

const groups = ['engine', 'images', 'settings', 'window', 'logs'] as const

/** What a reset takes away, path by path, by what it is. */
export function ResetPlanList({ plan }: { readonly plan: ResetPlan }): ReactNode {
  const t = useT()
  const shown = [...plan.machines.map((machine) => machineGroup(t, machine)), ...ownGroups(t, plan)]
  if (shown.length === 0) return <p>{t('settings.reset.nothing')}</p>
  const sizes = [...plan.machines.flatMap(({ items }) => items), ...plan.items]
  const total = formatBytes(sizes.reduce((sum, { bytes }) => sum + bytes, 0))
  const isAtLeast = plan.items.some((item) => item.isAtLeast)
  return (
    <>
      <p>{t('settings.reset.goes')}</p>
      <ul className="settings-reset__list">
        {shown.map((group) => (
          <li key={group.title} className="settings-reset__group">
            <strong>{group.title}</strong>
            {group.holds && <span className="dim">{group.holds}</span>}
            <ul>
              {group.rows.map((row) => (
                <PathRow key={`${row.what} ${row.path}`} row={row} />
              ))}
            </ul>
          </li>
        ))}
        <li className="settings-reset__total">
          <span>{t('settings.reset.total')}</span>
          <span className="num">{isAtLeast ? t('settings.reset.atLeast', { size: total }) : total}</span>
        </li>
      </ul>
    </>
  )
}

const PathRow = ({ row }: { readonly row: Row }): ReactNode => (
  <li>
    <span>{row.what}</span>
    <bdi className="mono faint truncate" title={row.path}>
      {row.path}
    </bdi>
    <span className="num">{row.size}</span>
  </li>
)

function machineGroup(t: Translate, machine: ResetMachinePlan): Group {
  const { name, items, folder, context, link, containers } = machine
  const holds = containers === undefined ? undefined : holdsText(t, { containers, ...machine })
  const rows: Row[] = [
    ...items.map(({ what, path, bytes }) => ({
      what: t(`machines.page.reset.what.${what}`),
      path,
      size: formatBytes(bytes),
    })),
    { what: t('settings.reset.rest'), path: folder },
    ...(context === undefined ? [] : [{ what: t('settings.reset.context'), path: context }]),
    ...(link === undefined ? [] : [{ what: t('settings.reset.link'), path: link }]),
  ]
  return { title: t('settings.reset.machine', { name }), rows, ...(holds !== undefined && { holds }) }
}

function ownGroups(t: Translate, plan: ResetPlan): Group[] {
  return groups.flatMap((group) => {
    const items = plan.items.filter((item) => item.group === group)
    const holds = heldIn(t, group, plan)
    if (items.length === 0 && holds === undefined) return []
    const rows = items.map(({ path, bytes, isAtLeast }): Row => {
      const size = formatBytes(bytes)
      return { what: '', path, size: isAtLeast ? t('settings.reset.atLeast', { size }) : size }
    })
    return [{ title: t(`settings.reset.group.${group}`), rows, ...(holds !== undefined && { holds }) }]
  })
}

function heldIn(t: Translate, group: ResetItem['group'], plan: ResetPlan): string | undefined {
  const { engines, agents, remembered } = plan.settings
  if (group === 'engine') return plan.engine && holdsText(t, plan.engine)
  if (group === 'window')
    return remembered > 0 ? t('settings.reset.remembered', { count: remembered }) : undefined
  if (group !== 'settings' || engines + agents === 0) return undefined
  return `${t('settings.reset.engines', { count: engines })}, ${t('settings.reset.agents', { count: agents })}`
}

const holdsText = (
  t: Translate,
  { containers = 0, images = 0, volumes = 0 }: Partial<NonNullable<ResetPlan['engine']>>,
): string =>
  t('machines.page.reset.holds', {
    containers: t('machines.page.reset.containers', { count: containers }),
    images: t('machines.page.reset.images', { count: images }),
    volumes: t('machines.page.reset.volumes', { count: volumes }),
  })
