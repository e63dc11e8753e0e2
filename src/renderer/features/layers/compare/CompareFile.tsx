import type { ReactNode } from 'react'
import type {
  CompareEntry,
  CompareSummary,
  LayerEntry,
  LayerSummary,
  ObjectRef,
} from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { FileContents } from '../file/FileContents'
import { FileDiff } from '../file/FileDiff'
import type { FileSource } from '../file/file-source'
import { modeWords } from '../parts/mode-words'
import { ChangeMark } from '../parts/change-mark'
import type { CompareProps } from './compared-images'

interface CompareFileProps extends CompareProps {
  readonly entry: CompareEntry
  readonly summary: CompareSummary
}

/** One path of both images: its text side by side, or the one that there is. */
export function CompareFile({ entry, summary, before, after, names }: CompareFileProps): ReactNode {
  const t = useT()
  const sources = {
    before: topOf(before, summary.before, entry.before),
    after: topOf(after, summary.after, entry.after),
  }
  const only = sources.after ?? sources.before
  return (
    <section className="layers-panel" aria-label={t('layers.panel.label', { name: entry.name })}>
      <header className="layers-panel__head">
        <ChangeMark change={entry.change} />
        <h3 className="layers-panel__title" title={entry.path}>
          <bdi className="mono">{entry.path}</bdi>
        </h3>
        <span className="layers-faint">
          {[entry.before, entry.after].map(factsOf).filter(Boolean).join(' → ')}
        </span>
      </header>
      <div className="layers-panel__body">
        {sources.before && sources.after ? (
          <FileDiff before={sources.before} after={sources.after} labels={names} name={entry.name} />
        ) : (
          only && <FileContents source={only} name={entry.name} />
        )}
        {!only && <p className="layers-note">{t('layers.compare.noContents')}</p>}
      </div>
    </section>
  )
}

const factsOf = (entry: LayerEntry | undefined): string =>
  entry
    ? `${modeWords(entry.kind, entry.mode)} ${entry.uid}:${entry.gid} ${formatBytes(entry.kind === 'folder' ? entry.belowBytes : entry.sizeBytes)}`
    : ''

/** A file as it is seen in the whole image. */
function topOf(ref: ObjectRef, summary: LayerSummary, entry: LayerEntry | undefined): FileSource | undefined {
  if (entry?.kind !== 'file') return undefined
  return {
    engine: ref.engine,
    id: ref.id,
    layer: Math.max(0, summary.layers.length - 1),
    view: 'sum',
    path: entry.path,
  }
}
