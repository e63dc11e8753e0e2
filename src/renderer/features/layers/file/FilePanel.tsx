import { Download, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { isCode } from '../../../../shared/errors'
import type { LayerEntry, LayerSummary, ObjectRef } from '../../../../shared/model'
import { useCall } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { Button, CopyButton, EmptyState, ErrorState, IconButton, Loading, Tabs } from '../../../ui'
import { ChangeMark } from '../parts/change-mark'
import type { FileTab, Placing } from '../place'
import { FileContents } from './FileContents'
import { FileDetails } from './FileDetails'
import { downloadFile, sourceOf, type FileSource } from './file-source'
import { FileVersions } from './FileVersions'

interface FilePanelProps {
  readonly imageRef: ObjectRef
  readonly summary: LayerSummary
  readonly layer: number
  readonly path: string
  readonly placing: Placing
}

/** The chosen path: what is known of it, what it holds, and what each layer did to it. */
export function FilePanel({ imageRef, summary, layer, path, placing }: FilePanelProps): ReactNode {
  const t = useT()
  const { view } = placing.place
  const found = useCall('layers.entry', { ...imageRef, layer, view, path })
  if (found.state === 'loading') return <Loading label={t('objects.loading')} />
  if (found.state === 'failed')
    return isCode(found.error, 'object.not-found') ? (
      <NotHere layer={layer} placing={placing} />
    ) : (
      <ErrorState
        title={errorWords(t, found.error).title}
        text={errorWords(t, found.error).text}
        action={<Button onClick={found.reload}>{t('objects.retry')}</Button>}
      />
    )
  return <Panel {...{ imageRef, summary, layer, path, placing }} entry={found.value} />
}

/** The address names a path that this layer knows nothing of. */
function NotHere({ layer, placing }: { readonly layer: number; readonly placing: Placing }): ReactNode {
  const t = useT()
  const { path = '', view } = placing.place
  return (
    <EmptyState
      title={t('layers.panel.notHere', { layer: layer + 1 })}
      text={<bdi className="mono">{path}</bdi>}
      action={
        view === 'layer' ? (
          <Button onClick={() => placing.go({ view: 'sum' })}>{t('layers.panel.lookInSum')}</Button>
        ) : (
          <Button onClick={() => placing.go({ layer: undefined })}>{t('layers.panel.lookInTop')}</Button>
        )
      }
    />
  )
}

function Panel({
  imageRef,
  summary,
  layer,
  path,
  placing,
  entry,
}: FilePanelProps & { entry: LayerEntry }): ReactNode {
  const t = useT()
  const isFile = entry.kind === 'file'
  const tab: FileTab = isFile || placing.place.tab === 'versions' ? placing.place.tab : 'details'
  const source = sourceOf(imageRef, entry, layer)
  const tabs = (
    isFile ? (['details', 'contents', 'versions'] as const) : (['details', 'versions'] as const)
  ).map((id) => ({ id, label: t(`layers.panel.${id}`) }))
  return (
    <section className="layers-panel" aria-label={t('layers.panel.label', { name: entry.name })}>
      <Head
        entry={entry}
        source={isFile ? source : undefined}
        onClose={() => placing.go({ path: undefined, tab: 'details' })}
      />
      <Tabs<FileTab>
        tabs={tabs}
        value={tab}
        label={t('layers.panel.tabs')}
        onChange={(next) => placing.go({ tab: next })}
      >
        <div className="layers-panel__body">
          {tab === 'details' && (
            <FileDetails
              entry={entry}
              summary={summary}
              onLayer={(to) => placing.go({ layer: to, view: 'layer' })}
            />
          )}
          {tab === 'contents' && <FileContents source={source} name={entry.name} />}
          {tab === 'versions' && (
            <FileVersions imageRef={imageRef} summary={summary} layer={layer} path={path} name={entry.name} />
          )}
        </div>
      </Tabs>
    </section>
  )
}

interface HeadProps {
  readonly entry: LayerEntry
  /** Absent: it is no file. */
  readonly source: FileSource | undefined
  readonly onClose: () => void
}

function Head({ entry, source, onClose }: HeadProps): ReactNode {
  const t = useT()
  return (
    <header className="layers-panel__head">
      <ChangeMark change={entry.change} />
      <h3 className="layers-panel__title" title={entry.path}>
        <bdi className="mono">{entry.path}</bdi>
      </h3>
      <CopyButton text={entry.path} label={t('layers.panel.copyPath')} />
      {source && (
        <IconButton
          size="sm"
          label={t('layers.file.download')}
          icon={<Download />}
          onClick={() => void downloadFile(source, entry.name)}
        />
      )}
      <IconButton size="sm" label={t('layers.panel.close')} icon={<X />} onClick={onClose} />
    </header>
  )
}
