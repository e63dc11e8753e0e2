import { useMemo } from 'react'
import type { Network } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { useT } from '../../i18n'
import { ageColumn, engineColumn } from '../../objects/columns'
import { UsedByCell } from '../../objects/UsedBy'
import { useEngines } from '../../store/inventory'
import type { Column } from '../../ui'
import { useNetworkUsers } from './users'

export function useNetworkColumns(): readonly Column<Network>[] {
  const t = useT()
  const engines = useEngines()
  const users = useNetworkUsers()
  return useMemo(
    () => [
      nameColumn(t),
      ...placeColumns(t),
      usersColumn(t, users),
      ...traitColumns(t),
      ageColumn<Network>(t),
      ...engineColumn<Network>(t, engines),
    ],
    [t, engines, users],
  )
}

const nameColumn = (t: Translate): Column<Network> => ({
  id: 'name',
  header: t('objects.name'),
  width: 220,
  sortValue: (network) => network.name,
  render: (network) => (
    <bdi title={network.isPredefined ? t('networks.predefined') : network.name}>{network.name}</bdi>
  ),
})

const placeColumns = (t: Translate): Column<Network>[] => [
  {
    id: 'driver',
    header: t('objects.driver'),
    width: 90,
    sortValue: (network) => network.driver,
    render: (network) => <bdi>{network.driver}</bdi>,
  },
  {
    id: 'subnet',
    header: t('networks.column.subnet'),
    width: 170,
    sortValue: (network) => network.subnets[0]?.subnet,
    render: (network) => network.subnets.map((one) => one.subnet).join(', '),
  },
]

const usersColumn = (t: Translate, users: ReturnType<typeof useNetworkUsers>): Column<Network> => ({
  id: 'used',
  header: t('objects.usedBy'),
  width: 160,
  sortValue: (network) => users(network).length,
  isMostFirst: true,
  render: (network) => <UsedByCell engine={network.engine} containers={users(network)} />,
})

function traitColumns(t: Translate): Column<Network>[] {
  const yesNo = (is: boolean): string => (is ? t('networks.yes') : t('networks.no'))
  return [
    {
      id: 'internal',
      header: t('networks.column.internal'),
      width: 80,
      isOptional: true,
      render: (network) => yesNo(network.isInternal),
    },
    {
      id: 'ipv6',
      header: t('networks.column.ipv6'),
      width: 70,
      isOptional: true,
      isHidden: true,
      render: (network) => yesNo(network.hasIpv6),
    },
    {
      id: 'scope',
      header: t('networks.column.scope'),
      width: 80,
      isOptional: true,
      isHidden: true,
      render: (network) => network.scope,
    },
    {
      id: 'id',
      header: t('networks.column.id'),
      width: 120,
      isOptional: true,
      render: (network) => <code>{shortId(network.id)}</code>,
    },
  ]
}
