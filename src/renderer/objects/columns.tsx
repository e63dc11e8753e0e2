import type { Engine, EngineId } from '../../shared/model'
import type { Translate } from '../i18n'
import { formatAge, formatTime } from '../i18n/format'
import type { Column } from '../ui'

/** Which engine a row is of; shown once there are several. */
export function engineColumn<T extends { readonly engine: EngineId }>(
  t: Translate,
  engines: readonly Engine[],
): Column<T>[] {
  if (engines.length < 2) return []
  const nameOf = (id: EngineId): string => engines.find((engine) => engine.id === id)?.name ?? id
  return [
    {
      id: 'engine',
      header: t('objects.engine'),
      width: 130,
      isOptional: true,
      sortValue: (row) => nameOf(row.engine),
      render: (row) => <bdi>{nameOf(row.engine)}</bdi>,
    },
  ]
}

/** An age in words, with the whole time on hover. */
export function ageColumn<T extends { readonly createdAtMs: number }>(t: Translate): Column<T> {
  return {
    id: 'created',
    header: t('objects.created'),
    width: 110,
    isOptional: true,
    sortValue: (row) => -row.createdAtMs,
    render: (row) =>
      row.createdAtMs > 0 ? (
        <span title={formatTime(row.createdAtMs)}>{formatAge(row.createdAtMs)}</span>
      ) : null,
  }
}
