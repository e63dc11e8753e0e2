import { useMemo } from 'react'
import type { Machine } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { backendWords, machineStateWords } from '../../../objects/machine-words'
import type { Column } from '../../../ui'
import { BackendCell, NameCell, PortsCell, StateCell } from './cells'
import { CpuCell, DiskCell, MemoryCell } from './UsageCells'

export function useMachineColumns(): readonly Column<Machine>[] {
  const t = useT()
  return useMemo(() => columns(t), [t])
}

const columns = (t: Translate): readonly Column<Machine>[] => [
  {
    id: 'name',
    header: t('machines.columns.name'),
    width: 120,
    minWidth: 100,
    sortValue: (one) => one.settings.name,
    render: (one) => <NameCell machine={one} />,
  },
  {
    id: 'state',
    header: t('machines.columns.state'),
    width: 170,
    sortValue: (one) => machineStateWords(t, one),
    render: (one) => <StateCell machine={one} />,
  },
  {
    id: 'backend',
    header: t('machines.columns.backend'),
    width: 196,
    isOptional: true,
    sortValue: (one) => backendWords(t, one),
    render: (one) => <BackendCell machine={one} />,
  },
  {
    id: 'cpu',
    header: t('machines.columns.cpu'),
    width: 56,
    isOptional: true,
    align: 'end',
    render: (one) => <CpuCell machine={one} />,
  },
  {
    id: 'memory',
    header: t('machines.columns.memory'),
    width: 166,
    isOptional: true,
    align: 'end',
    render: (one) => <MemoryCell machine={one} />,
  },
  {
    id: 'disk',
    header: t('machines.columns.disk'),
    width: 166,
    isOptional: true,
    align: 'end',
    render: (one) => <DiskCell machine={one} />,
  },
  {
    id: 'ports',
    header: t('machines.columns.ports'),
    width: 62,
    isOptional: true,
    render: (one) => <PortsCell machine={one} />,
  },
]
