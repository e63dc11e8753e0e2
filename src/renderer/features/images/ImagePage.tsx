import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { EngineId, ImageDetail, ObjectRef } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { formatBytes, formatTime } from '../../i18n/format'
import { ObjectState } from '../../objects/ObjectPage'
import { MaskedJson } from '../../objects/secrets/MaskedJson'
import { useRevealed, type Revealed } from '../../objects/secrets/revealed'
import { SecretText } from '../../objects/secrets/SecretText'
import { envId, maskText } from '../../objects/secrets/secrets'
import { UsedByList } from '../../objects/UsedBy'
import { useRow } from '../../store/inventory'
import { Button, KeyValues, PageHeader, Section, Tabs } from '../../ui'
import { ImageDialogs, type ImageDialog } from './ImageDialogs'
import { saveImage } from './image-actions'
import { comparePath, imagePath, nameOf, runPath, useUsers } from './users'

const tabs = ['layers', 'config', 'used', 'raw'] as const
type Tab = (typeof tabs)[number]

interface ImagePageProps {
  readonly engine: string
  readonly id: string
  readonly tab?: string
  /** What another feature makes: handed in by the app, as features are strangers. */
  readonly layers: (image: ObjectRef, sizeBytes: number) => ReactNode
}

export function ImagePage({ engine, id, tab: asked, layers }: ImagePageProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const ref: ObjectRef = { engine: engine as EngineId, id }
  const detail = useCall('images.inspect', ref)
  const tab = tabs.find((one) => one === asked) ?? 'layers'
  const [dialog, setDialog] = useState<ImageDialog>()
  const revealed = useRevealed()
  const users = useUsers()(ref as ObjectRef & { id: ImageDetail['id'] })
  const image = detail.value
  if (!image) return <ObjectState error={detail.error} href="#/images" onRetry={detail.reload} />
  return (
    <div className="object-page">
      <PageHeader
        title={<bdi>{nameOf(image)}</bdi>}
        subtitle={`${shortId(image.id)} · ${formatBytes(image.sizeBytes)} · ${image.os}/${image.arch}`}
        back={{ href: '#/images', label: t('images.title') }}
        actions={<PageActions imageRef={ref} onDialog={setDialog} />}
      />
      <Tabs
        tabs={[
          { id: 'layers', label: t('images.page.layers') },
          { id: 'config', label: t('images.page.config') },
          { id: 'used', label: t('images.page.usedBy'), badge: String(users.length) },
          { id: 'raw', label: t('objects.raw') },
        ]}
        value={tab}
        onChange={(next: Tab) => navigate(imagePath(ref, next), { replace: true })}
      />
      <div className="object-page__body">
        {tab === 'layers' && layers({ engine: ref.engine, id: image.id }, image.sizeBytes)}
        {tab === 'config' && <ConfigTab image={image} revealed={revealed} />}
        {tab === 'used' && (
          <UsedByList engine={ref.engine} containers={users} none={t('images.page.noUse')} />
        )}
        {tab === 'raw' && <MaskedJson value={image.raw} label={t('objects.raw')} revealed={revealed} />}
      </div>
      <ImageDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function PageActions({
  imageRef,
  onDialog,
}: {
  readonly imageRef: ObjectRef
  readonly onDialog: (dialog: ImageDialog) => void
}): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const row = useRow('images', imageRef)
  if (!row) return null
  return (
    <>
      <Button onClick={() => onDialog({ kind: 'tag', image: row })}>{t('images.tag')}</Button>
      <Button onClick={() => navigate(comparePath(row))}>{t('layers.compare.action')}</Button>
      <Button onClick={() => void saveImage([row])}>{t('images.save')}</Button>
      <Button variant="danger" onClick={() => onDialog({ kind: 'remove', images: [row] })}>
        {t('objects.removeAsk')}
      </Button>
      <Button variant="primary" onClick={() => navigate(runPath(row))}>
        {t('images.run')}
      </Button>
    </>
  )
}

interface ConfigProps {
  readonly image: ImageDetail
  readonly revealed: Revealed
}

function ConfigTab({ image, revealed }: ConfigProps): ReactNode {
  const t = useT()
  const line = (key: string, value: ReactNode): { key: string; value: ReactNode } => ({ key, value })
  const secret = (id: string, name: string, value: string): ReactNode => (
    <SecretText id={id} name={name} value={value} revealed={revealed} />
  )
  const words = (list: readonly string[]): ReactNode =>
    list.length === 0 ? t('objects.none') : <code>{maskText(list.join(' '))}</code>
  return (
    <>
      <KeyValues
        rows={[
          line(t('images.column.tags'), <bdi>{image.tags.join(', ') || t('images.dangling')}</bdi>),
          line(t('images.column.id'), <code>{image.id}</code>),
          line(t('images.page.digests'), words(image.digests)),
          line(t('objects.created'), formatTime(image.createdAtMs)),
          line(t('images.page.osArch'), `${image.os}/${image.arch}`),
          line(t('images.page.entrypoint'), words(image.entrypoint)),
          line(t('images.page.cmd'), words(image.command)),
          line(t('images.page.workdir'), image.workdir || '/'),
          line(t('images.page.user'), image.user || 'root'),
          line(t('images.page.ports'), words(image.exposedPorts)),
          line(t('images.page.volumes'), words(image.volumes)),
          line(t('images.page.stopSignal'), image.stopSignal || 'SIGTERM'),
          line(t('images.page.health'), words(image.healthTest)),
          ...(image.author === '' ? [] : [line(t('images.page.author'), <bdi>{image.author}</bdi>)]),
        ]}
      />
      <Section title={t('images.page.env')}>
        <KeyValues
          none={t('objects.none')}
          rows={image.env.map(({ name, value }) => line(name, secret(envId(name), name, value)))}
        />
      </Section>
      <Section title={t('objects.labels')}>
        <KeyValues
          none={t('objects.none')}
          rows={Object.entries(image.labels).map(([name, value]) =>
            line(name, secret(`.Config.Labels.${name}`, name, value)),
          )}
        />
      </Section>
    </>
  )
}
