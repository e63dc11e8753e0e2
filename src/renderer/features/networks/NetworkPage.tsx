import { Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Container, EngineId, Network, ObjectRef } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { formatTime } from '../../i18n/format'
import { ObjectState, RecordLines } from '../../objects/ObjectPage'
import { MaskedJson } from '../../objects/secrets/MaskedJson'
import { useRevealed, type Revealed } from '../../objects/secrets/revealed'
import { UsedByList } from '../../objects/UsedBy'
import { useRow } from '../../store/inventory'
import { Button, IconButton, KeyValues, PageHeader, Section } from '../../ui'
import { canConnect, disconnect } from './network-menu'
import { NetworkDialogs, type NetworkDialog } from './NetworkDialogs'
import { useNetworkUsers } from './users'

export function NetworkPage({ engine, id }: { readonly engine: string; readonly id: string }): ReactNode {
  const t = useT()
  const ref: ObjectRef = { engine: engine as EngineId, id }
  const inspected = useCall('networks.inspect', ref)
  const row = useRow('networks', ref)
  const [dialog, setDialog] = useState<NetworkDialog>()
  const revealed = useRevealed()
  if (inspected.value === undefined)
    return <ObjectState error={inspected.error} href="#/networks" onRetry={inspected.reload} />
  return (
    <div className="object-page">
      <PageHeader
        title={<bdi>{row?.name ?? id}</bdi>}
        subtitle={row ? `${row.driver} · ${shortId(row.id)}` : t('objects.gone')}
        back={{ href: '#/networks', label: t('networks.title') }}
        actions={row && <PageActions network={row} onDialog={setDialog} />}
      />
      <div className="object-page__body">
        {row && <Overview network={row} revealed={revealed} />}
        <Section title={t('objects.raw')}>
          <MaskedJson value={inspected.value} label={t('objects.raw')} revealed={revealed} />
        </Section>
      </div>
      <NetworkDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function PageActions({
  network,
  onDialog,
}: {
  readonly network: Network
  readonly onDialog: (dialog: NetworkDialog) => void
}): ReactNode {
  const t = useT()
  return (
    <>
      <Button disabled={!canConnect(network)} onClick={() => onDialog({ kind: 'connect', network })}>
        {t('networks.connect')}
      </Button>
      <Button
        variant="danger"
        disabled={network.isPredefined}
        title={network.isPredefined ? t('networks.predefined') : undefined}
        onClick={() => onDialog({ kind: 'remove', networks: [network] })}
      >
        {t('objects.removeAsk')}
      </Button>
    </>
  )
}

interface OverviewProps {
  readonly network: Network
  readonly revealed: Revealed
}

function Overview({ network, revealed }: OverviewProps): ReactNode {
  const t = useT()
  const users = useNetworkUsers()(network)
  const yesNo = (is: boolean): string => (is ? t('networks.yes') : t('networks.no'))
  return (
    <>
      <KeyValues
        rows={[
          {
            key: t('networks.column.subnet'),
            value: network.subnets.map((one) => one.subnet).join(', ') || t('objects.none'),
          },
          {
            key: t('networks.column.gateway'),
            value: network.subnets.map((one) => one.gateway ?? '').join(', ') || t('objects.none'),
          },
          { key: t('networks.column.internal'), value: yesNo(network.isInternal) },
          { key: t('networks.column.ipv6'), value: yesNo(network.hasIpv6) },
          { key: t('networks.column.attachable'), value: yesNo(network.isAttachable) },
          { key: t('networks.column.scope'), value: network.scope },
          { key: t('objects.created'), value: formatTime(network.createdAtMs) },
        ]}
      />
      <Section title={t('networks.connected')}>
        <UsedByList
          engine={network.engine}
          containers={users}
          none={t('networks.noUse')}
          detail={(one) => <Connection network={network} container={one} />}
        />
      </Section>
      <Section title={t('objects.options')}>
        <RecordLines record={network.options} path=".Options" revealed={revealed} />
      </Section>
      <Section title={t('objects.labels')}>
        <RecordLines record={network.labels} path=".Labels" revealed={revealed} />
      </Section>
    </>
  )
}

function Connection({
  network,
  container,
}: {
  readonly network: Network
  readonly container: Container
}): ReactNode {
  const t = useT()
  const ip = container.networks.find((joined) => joined.name === network.name)?.ip
  return (
    <>
      {ip !== undefined && <code>{ip}</code>}
      <IconButton
        label={t('networks.disconnect')}
        icon={<Unplug aria-hidden="true" />}
        onClick={() => disconnect(network, container)}
      />
    </>
  )
}
