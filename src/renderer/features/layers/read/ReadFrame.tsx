import { Layers } from 'lucide-react'
import type { ReactNode } from 'react'
import type { EngineId, ReadProgress } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes, formatNumber } from '../../../i18n/format'
import { useAgentServes } from '../../../store/agents'
import { Button, EmptyState, ErrorState, ProgressBar } from '../../../ui'
import type { Reading } from './use-read'

interface ReadFrameProps<S> {
  readonly reading: Reading<S>
  readonly engine: EngineId
  /** About what reading costs, where it has to be asked for. */
  readonly sizeBytes: number
  readonly children: (summary: S) => ReactNode
}

/** A long reading: how far it is, its end by a person or by a failure, and then what was read. */
export function ReadFrame<S>({ reading, engine, sizeBytes, children }: ReadFrameProps<S>): ReactNode {
  const t = useT()
  const { now, start } = reading
  switch (now.state) {
    case 'ready':
      return children(now.summary)
    case 'reading':
      return <Progress progress={now.progress} engine={engine} onCancel={reading.cancel} />
    case 'waiting':
      return (
        <EmptyState
          icon={<Layers />}
          title={t('layers.read.ask')}
          text={
            <>
              {t('layers.read.askText', { size: formatBytes(sizeBytes) })} <FasterLink engine={engine} />
            </>
          }
          action={
            <Button variant="primary" onClick={start}>
              {t('layers.read.start')}
            </Button>
          }
        />
      )
    case 'cancelled':
      return (
        <EmptyState
          icon={<Layers />}
          title={t('layers.read.cancelled')}
          action={<Button onClick={start}>{t('layers.read.again')}</Button>}
        />
      )
    case 'failed': {
      const words = errorWords(t, now.error)
      return (
        <ErrorState
          title={words.title}
          text={words.text}
          command={words.command}
          action={<Button onClick={start}>{t('layers.read.again')}</Button>}
        />
      )
    }
  }
}

interface ProgressProps {
  readonly progress: ReadProgress | undefined
  readonly engine: EngineId
  readonly onCancel: () => void
}

function Progress({ progress, engine, onCancel }: ProgressProps): ReactNode {
  const t = useT()
  const isFast = useAgentServes(engine, 'layers.tree')
  const { value, max } = shareOf(progress)
  return (
    <div className="layers-read">
      <p role="status">{wordsOf(t, progress)}</p>
      <ProgressBar label={t('layers.read.label')} value={value} max={max} />
      {!isFast && (
        <p className="dim">
          {t('layers.read.slow')} <FasterLink engine={engine} />
        </p>
      )}
      <Button onClick={onCancel}>{t('layers.read.cancel')}</Button>
    </div>
  )
}

/** By bytes where they are read, else by layers. */
function shareOf(progress: ReadProgress | undefined): { value?: number; max?: number } {
  if (!progress) return {}
  if (progress.bytes > 0 && progress.totalBytes > 0)
    return { value: progress.bytes, max: progress.totalBytes }
  return progress.layers > 0 ? { value: progress.layer, max: progress.layers } : {}
}

function wordsOf(t: ReturnType<typeof useT>, progress: ReadProgress | undefined): string {
  if (!progress) return t('layers.read.begins')
  if (progress.phase === 'contents')
    return t('layers.read.contents', {
      bytes: formatBytes(progress.bytes),
      total: formatBytes(progress.totalBytes),
    })
  const entries = formatNumber(progress.entries)
  if (progress.bytes > 0)
    return t('layers.read.bytes', {
      entries,
      bytes: formatBytes(progress.bytes),
      total: formatBytes(progress.totalBytes),
    })
  return t('layers.read.layers', { entries, layer: progress.layer + 1, layers: Math.max(1, progress.layers) })
}

/** The page on which the person may let the helper in. */
export function FasterLink({ engine }: { readonly engine: EngineId }): ReactNode {
  const t = useT()
  if (useAgentServes(engine, 'layers.tree')) return null
  return (
    <a className="text-link" href="#/engine">
      {t('layers.read.faster')}
    </a>
  )
}
