import { useMemo } from 'react'
import { shortId, type Container } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { formatTime } from '../../../i18n/format'
import { engineColumn } from '../../../objects/columns'
import { useEngines } from '../../../store/inventory'
import { latestReading } from '../../../store/stats'
import type { Column } from '../../../ui'
import { maskText } from '../../../objects/secrets/secrets'
import { stateWords } from '../../../objects/container-words'
import { AgeCell, CpuCell, MemoryCell, NameCell, PortsCell, StatusCell } from './cells'

export function useColumns(): readonly Column<Container>[] {
  const t = useT()
  const engines = useEngines()
  return useMemo(
    () => [...mainColumns(t), ...engineColumn<Container>(t, engines), ...moreColumns(t)],
    [t, engines],
  )
}

function mainColumns(t: Translate): readonly Column<Container>[] {
  return [
    {
      id: 'name',
      header: t('containers.columns.name'),
      width: 180,
      minWidth: 120,
      sortValue: (one) => one.name,
      render: (one) => <NameCell container={one} />,
    },
    {
      id: 'image',
      header: t('containers.columns.image'),
      width: 160,
      grows: true,
      isOptional: true,
      sortValue: (one) => one.image,
      render: (one) => <bdi title={one.image}>{one.image}</bdi>,
    },
    {
      id: 'ports',
      header: t('containers.columns.ports'),
      width: 140,
      minWidth: 116,
      grows: true,
      isOptional: true,
      sortValue: (one) => one.ports.find((port) => port.hostPort !== undefined)?.hostPort,
      render: (one) => <PortsCell container={one} />,
    },
    ...liveColumns(t),
    {
      id: 'status',
      header: t('containers.columns.status'),
      width: 110,
      isOptional: true,
      sortValue: (one) => stateWords(t, one),
      render: (one) => <StatusCell container={one} />,
    },
    {
      id: 'age',
      header: t('containers.columns.age'),
      width: 96,
      minWidth: 92,
      isOptional: true,
      sortValue: (one) => -one.createdAtMs,
      render: (one) => <AgeCell container={one} />,
    },
  ]
}

/** What the engine reads every second: only while a container runs. */
function liveColumns(t: Translate): readonly Column<Container>[] {
  return [
    {
      id: 'cpu',
      header: t('containers.columns.cpu'),
      width: 116,
      isOptional: true,
      align: 'end',
      isMostFirst: true,
      sortValue: (one) => (one.state === 'running' ? latestReading(one)?.cpuPercent : undefined),
      render: (one) => <CpuCell container={one} />,
    },
    {
      id: 'memory',
      header: t('containers.columns.memory'),
      width: 134,
      isOptional: true,
      align: 'end',
      isMostFirst: true,
      sortValue: (one) => (one.state === 'running' ? latestReading(one)?.memoryBytes : undefined),
      render: (one) => <MemoryCell container={one} />,
    },
  ]
}

/** Hidden until the person asks for them. */
function moreColumns(t: Translate): readonly Column<Container>[] {
  return [
    {
      id: 'created',
      header: t('containers.columns.created'),
      width: 170,
      isOptional: true,
      isHidden: true,
      sortValue: (one) => one.createdAtMs,
      render: (one) => <span className="num">{formatTime(one.createdAtMs)}</span>,
    },
    {
      id: 'id',
      header: t('containers.columns.id'),
      width: 110,
      isOptional: true,
      isHidden: true,
      sortValue: (one) => one.id,
      render: (one) => <span className="mono">{shortId(one.id)}</span>,
    },
    {
      id: 'command',
      header: t('containers.columns.command'),
      width: 220,
      isOptional: true,
      isHidden: true,
      sortValue: (one) => one.command,
      render: (one) => <bdi className="mono">{maskText(one.command.slice(0, 500))}</bdi>,
    },
    {
      id: 'networks',
      header: t('containers.columns.networks'),
      width: 140,
      isOptional: true,
      isHidden: true,
      sortValue: (one) => one.networks[0]?.name,
      render: (one) => <bdi>{one.networks.map((network) => network.name).join(', ')}</bdi>,
    },
    {
      id: 'project',
      header: t('containers.columns.project'),
      width: 140,
      isOptional: true,
      isHidden: true,
      sortValue: (one) => one.project,
      render: (one) => <bdi>{one.project}</bdi>,
    },
  ]
}
