import { useState, type ReactNode } from 'react'
import type { LayerSummary, ObjectRef } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes } from '../../../i18n/format'
import { EmptyState, ErrorState, Loading, Select, Toolbar } from '../../../ui'
import { ChangeMark } from '../parts/change-mark'
import { shortCommand } from '../parts/short-command'
import { FileDiff } from './FileDiff'
import type { FileSource } from './file-source'
import { useVersions, type Version } from './use-versions'

interface FileVersionsProps {
  readonly imageRef: ObjectRef
  readonly summary: LayerSummary
  /** The layer that is looked at: its copy stands on the right. */
  readonly layer: number
  readonly path: string
  readonly name: string
}

/** What each layer did to a file, and two of its copies side by side. */
export function FileVersions(props: FileVersionsProps): ReactNode {
  const t = useT()
  const { imageRef, summary, path } = props
  const found = useVersions(imageRef, summary.layers.length, path)
  if (found.state === 'loading') return <Loading label={t('layers.versions.loading')} />
  if (found.state === 'failed') {
    const { title, text } = errorWords(t, found.error)
    return <ErrorState title={title} text={text} />
  }
  return (
    <>
      <ul className="layers-versions" aria-label={t('layers.versions.label')}>
        {found.versions.map(({ layer, entry }) => (
          <li key={layer} title={summary.layers[layer]?.command}>
            <ChangeMark change={entry.change} />
            <span className="num">{t('layers.layer', { layer: layer + 1 })}</span>
            <span className="num layers-faint">
              {entry.change === 'removed' ? '' : formatBytes(entry.sizeBytes)}
            </span>
            <bdi className="mono layers-faint layers-versions__command">
              {shortCommand(summary.layers[layer]?.command ?? '')}
            </bdi>
          </li>
        ))}
      </ul>
      <Pair {...props} versions={found.versions} />
    </>
  )
}

function Pair({
  imageRef,
  layer,
  path,
  name,
  versions,
}: FileVersionsProps & { readonly versions: readonly Version[] }): ReactNode {
  const t = useT()
  const files = versions.filter(({ entry }) => entry.kind === 'file' && entry.change !== 'removed')
  const [chosen, setChosen] = useState<{ readonly before?: string; readonly after?: string }>({})
  if (files.length < 2)
    return <EmptyState title={t('layers.versions.one')} text={t('layers.versions.oneText')} />
  // The copy that the layer wrote against the one before it; where it wrote the first, against the next.
  const at = Math.max(
    1,
    files.findLastIndex((one) => one.layer <= layer),
  )
  const before = chosen.before ?? String(files[at - 1]?.layer ?? 0)
  const after = chosen.after ?? String(files[at]?.layer ?? 0)
  const options = files.map((one) => ({
    value: String(one.layer),
    label: t('layers.layer', { layer: one.layer + 1 }),
  }))
  const source = (of: string): FileSource => ({
    engine: imageRef.engine,
    id: imageRef.id,
    layer: Number(of),
    view: 'layer',
    path,
  })
  const words = (of: string): string => t('layers.layer', { layer: Number(of) + 1 })
  return (
    <>
      <Toolbar label={t('layers.versions.choose')}>
        <Select
          label={t('layers.versions.before')}
          hideLabel
          value={before}
          options={options}
          onChange={(value) => setChosen({ ...chosen, before: value })}
        />
        <span aria-hidden="true">→</span>
        <Select
          label={t('layers.versions.after')}
          hideLabel
          value={after}
          options={options}
          onChange={(value) => setChosen({ ...chosen, after: value })}
        />
      </Toolbar>
      <FileDiff
        before={source(before)}
        after={source(after)}
        labels={{ before: words(before), after: words(after) }}
        name={name}
      />
    </>
  )
}
