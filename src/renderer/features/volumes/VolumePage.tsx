import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Container, EngineId, ObjectRef, Volume } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { formatTime } from '../../i18n/format'
import { ObjectState, RecordLines } from '../../objects/ObjectPage'
import { useIsMissing } from '../../objects/MissingLists'
import { MaskedJson } from '../../objects/secrets/MaskedJson'
import { useRevealed, type Revealed } from '../../objects/secrets/revealed'
import { namesOf, UsedByList } from '../../objects/UsedBy'
import { useRow } from '../../store/inventory'
import { Button, KeyValues, PageHeader, Section, Tabs } from '../../ui'
import { useVolumeUsers } from './users'
import { VolumeDialogs, type VolumeDialog } from './VolumeDialogs'

const tabs = ['overview', 'files'] as const
type VolumeTab = (typeof tabs)[number]

export interface VolumePageProps {
  readonly engine: string
  readonly id: string
  readonly tab?: string | undefined
  /** Its files, which another feature shows. `base`: the page's path, what is behind its question mark is theirs. */
  readonly files: (volume: {
    readonly engine: EngineId
    readonly id: string
    readonly base: string
  }) => ReactNode
}

export function VolumePage({ engine, id, tab: asked, files }: VolumePageProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const ref: ObjectRef = { engine: engine as EngineId, id }
  const inspected = useCall('volumes.inspect', ref)
  const row = useRow('volumes', ref)
  const [dialog, setDialog] = useState<VolumeDialog>()
  const revealed = useRevealed()
  if (inspected.value === undefined)
    return <ObjectState error={inspected.error} href="#/volumes" onRetry={inspected.reload} />
  const pathOf = (tab: VolumeTab): string =>
    `/volumes/${encodeURIComponent(engine)}/${encodeURIComponent(id)}/${tab}`
  const tab = tabs.find((one) => one === asked) ?? 'overview'
  return (
    <div className="object-page">
      <PageHeader
        title={<bdi>{id}</bdi>}
        subtitle={row ? <UsedBy volume={row} /> : t('objects.gone')}
        back={{ href: '#/volumes', label: t('volumes.title') }}
        actions={
          row && (
            <Button variant="danger" onClick={() => setDialog({ kind: 'remove', volumes: [row] })}>
              {t('objects.removeAsk')}
            </Button>
          )
        }
      />
      <Tabs
        label={t('volumes.tabs')}
        value={tab}
        onChange={(next) => navigate(pathOf(next), { replace: true })}
        tabs={tabs.map((one) => ({ id: one, label: t(`files.${one === 'files' ? 'tab' : one}`) }))}
      >
        {tab === 'files' ? (
          files({ engine: ref.engine, id, base: pathOf('files') })
        ) : (
          <div className="object-page__body">
            {row && <Overview volume={row} revealed={revealed} />}
            <Section title={t('objects.raw')}>
              <MaskedJson value={inspected.value} label={t('objects.raw')} revealed={revealed} />
            </Section>
          </div>
        )}
      </Tabs>
      <VolumeDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function UsedBy({ volume }: { readonly volume: Volume }): ReactNode {
  const t = useT()
  const users = useVolumeUsers()(volume)
  const isUnknown = useIsMissing('containers', volume.engine)
  const none = isUnknown ? '—' : t('objects.none')
  return (
    <>
      {t('objects.usedBy')}: {users.length === 0 ? none : <bdi>{namesOf(users)}</bdi>}
    </>
  )
}

interface OverviewProps {
  readonly volume: Volume
  readonly revealed: Revealed
}

function Overview({ volume, revealed }: OverviewProps): ReactNode {
  const t = useT()
  const users = useVolumeUsers()(volume)
  const pathOf = (one: Container): ReactNode => (
    <code>{one.mounts.find((mount) => mount.source === volume.id)?.target}</code>
  )
  return (
    <>
      <KeyValues
        rows={[
          { key: t('objects.driver'), value: <bdi>{volume.driver}</bdi> },
          { key: t('volumes.column.mountpoint'), value: <bdi>{volume.mountpoint}</bdi> },
          {
            key: t('objects.created'),
            value: volume.createdAtMs > 0 ? formatTime(volume.createdAtMs) : t('objects.none'),
          },
          { key: t('volumes.column.scope'), value: volume.scope },
        ]}
      />
      <Section title={t('objects.usedBy')}>
        <UsedByList engine={volume.engine} containers={users} none={t('volumes.noUse')} detail={pathOf} />
      </Section>
      <Section title={t('objects.options')}>
        <RecordLines record={volume.options} path=".Options" revealed={revealed} />
      </Section>
      <Section title={t('objects.labels')}>
        <RecordLines record={volume.labels} path=".Labels" revealed={revealed} />
      </Section>
    </>
  )
}
