import { ArrowLeftRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { CompareSummary, EngineId, Image, ObjectRef } from '../../../../shared/model'
import { shortId } from '../../../../shared/model'
import { openStream } from '../../../api'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber } from '../../../i18n/format'
import { useRow } from '../../../store/inventory'
import { Button, PageHeader, Tabs } from '../../../ui'
import { comparePath, imagePath } from '../place'
import { ReadFrame } from '../read/ReadFrame'
import { useRead } from '../read/use-read'
import { CompareFiles } from './CompareFiles'
import type { CompareProps } from './compared-images'
import { ConfigDifferences } from './ConfigDifferences'
import { PickImage } from './PickImage'
import '../layers.css'

interface ComparePageProps {
  readonly engine: string
  readonly id: string
  readonly withEngine?: string
  readonly withId?: string
}

/** Two images: what the second has, lacks and has otherwise. Without a second one it is asked for. */
export function ComparePage({ engine, id, withEngine, withId }: ComparePageProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const before: ObjectRef = { engine: engine as EngineId, id }
  const after: ObjectRef | undefined =
    withEngine !== undefined && withId !== undefined
      ? { engine: withEngine as EngineId, id: withId }
      : undefined
  const names = { before: useName(before), after: useName(after) }
  const sizeBytes = (useRow('images', before)?.sizeBytes ?? 0) + (useRow('images', after)?.sizeBytes ?? 0)
  return (
    <div className="object-page">
      <PageHeader
        title={t('layers.compare.title')}
        subtitle={
          <span className="layers-compare__names">
            <a href={`#${imagePath(before)}`}>
              <bdi>{names.before}</bdi>
            </a>
            {after && ' → '}
            {after && (
              <a href={`#${imagePath(after)}`}>
                <bdi>{names.after}</bdi>
              </a>
            )}
          </span>
        }
        back={{ href: `#${imagePath(before)}`, label: t('layers.compare.back') }}
        actions={
          after && (
            <>
              <Button onClick={() => navigate(comparePath(before))}>{t('layers.compare.other')}</Button>
              <Button icon={<ArrowLeftRight />} onClick={() => navigate(comparePath(after, before))}>
                {t('layers.compare.swap')}
              </Button>
            </>
          )
        }
      />
      {after ? (
        <Comparison
          key={comparePath(before, after)}
          before={before}
          after={after}
          names={names}
          sizeBytes={sizeBytes}
        />
      ) : (
        <PickImage not={before} onPick={(image: Image) => navigate(comparePath(before, image))} />
      )}
    </div>
  )
}

/** Its first tag, else its short id; the image may not be in the lists (any more). */
function useName(ref: ObjectRef | undefined): string {
  const image = useRow('images', ref)
  return image?.tags[0] ?? (ref ? shortId(ref.id) : '')
}

function Comparison({ sizeBytes, ...two }: CompareProps & { readonly sizeBytes: number }): ReactNode {
  const { before, after } = two
  const reading = useRead<CompareSummary>(`${before.engine}/${before.id} ${after.engine}/${after.id}`, () =>
    openStream('layers.compare', { ...before, with: after }),
  )
  return (
    <ReadFrame reading={reading} engine={before.engine} sizeBytes={sizeBytes}>
      {(summary) => <Compared summary={summary} {...two} />}
    </ReadFrame>
  )
}

type Shown = 'files' | 'config'

function Compared({ summary, ...two }: CompareProps & { readonly summary: CompareSummary }): ReactNode {
  const t = useT()
  const asked = new URLSearchParams(useSearch()).get('show')
  const [shown, setShown] = useState<Shown>(asked === 'config' ? 'config' : 'files')
  const { files, config } = summary
  const changes = files.added + files.changed + files.removed
  return (
    <>
      <Sums summary={summary} />
      <Tabs<Shown>
        label={t('layers.compare.tabs')}
        tabs={[
          { id: 'files', label: t('layers.compare.files'), badge: formatNumber(changes) },
          { id: 'config', label: t('layers.compare.config'), badge: formatNumber(config.length) },
        ]}
        value={shown}
        onChange={setShown}
      >
        {shown === 'files' ? (
          <CompareFiles summary={summary} {...two} />
        ) : (
          <ConfigDifferences differences={config} names={two.names} />
        )}
      </Tabs>
    </>
  )
}

function Sums({ summary }: { readonly summary: CompareSummary }): ReactNode {
  const t = useT()
  const { files, beforeBytes, afterBytes } = summary
  const grown = afterBytes - beforeBytes
  const sign = grown < 0 ? '−' : '+'
  return (
    <div className="layers-summary" role="group" aria-label={t('layers.compare.sums')}>
      <span>
        {t('layers.compare.size', {
          before: formatBytes(beforeBytes),
          after: formatBytes(afterBytes),
          by: grown === 0 ? '0 B' : `${sign}${formatBytes(Math.abs(grown))}`,
        })}
      </span>
      <span className="layers-count--added">
        {t('layers.compare.added', { count: files.added, size: formatBytes(files.addedBytes) })}
      </span>
      <span className="layers-count--changed">{t('layers.compare.changed', { count: files.changed })}</span>
      <span className="layers-count--removed">
        {t('layers.compare.removed', { count: files.removed, size: formatBytes(files.removedBytes) })}
      </span>
      <span className="layers-faint">{t('layers.compare.same', { count: files.same })}</span>
      <span className="layers-faint">
        {summary.sharedLayers === 0
          ? t('layers.compare.noShared')
          : t('layers.compare.shared', {
              count: summary.sharedLayers,
              size: formatBytes(summary.sharedBytes),
            })}
      </span>
    </div>
  )
}
