import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Layer, ObjectRef } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { formatAge, formatBytes, formatPercent, formatTime } from '../../i18n/format'
import { ObjectState } from '../../objects/ObjectPage'
import { classNames, Code, KeyValues } from '../../ui'
import './layers-tab.css'

/** An image's history as it was built, oldest first: what each step ran, how much it added, who shares it. */
export function LayersTab({
  imageRef,
  totalBytes,
}: {
  readonly imageRef: ObjectRef
  readonly totalBytes: number
}): ReactNode {
  const t = useT()
  const history = useCall('images.history', imageRef)
  const [chosen, setChosen] = useState<number>()
  const layers = history.value?.layers
  if (!layers) return <ObjectState error={history.error} href="#/images" onRetry={history.reload} />
  const real = layers.filter((layer) => !layer.isEmpty)
  const largest = Math.max(1, ...layers.map((layer) => layer.sizeBytes))
  const layer = layers.find((one) => one.index === chosen)
  return (
    <div className="layers">
      <p className="layers__summary">
        {t('images.page.layersSummary', {
          layers: real.length,
          size: formatBytes(totalBytes),
          empty: layers.length - real.length,
        })}
      </p>
      <div className="layers__body">
        <ol className="layers__list" aria-label={t('images.page.layers')}>
          {layers.map((one) => (
            <LayerLine
              key={one.index}
              layer={one}
              largest={largest}
              isChosen={one.index === chosen}
              onChoose={() => setChosen(one.index)}
            />
          ))}
        </ol>
        <div className="layers__detail" aria-live="polite">
          {layer ? (
            <LayerDetail layer={layer} totalBytes={totalBytes} />
          ) : (
            <p className="layers__faint">{t('images.page.chooseLayer')}</p>
          )}
        </div>
      </div>
    </div>
  )
}

interface LayerLineProps {
  readonly layer: Layer
  readonly largest: number
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function LayerLine({ layer, largest, isChosen, onChoose }: LayerLineProps): ReactNode {
  const t = useT()
  return (
    <li>
      <button
        type="button"
        className={classNames('layers__line', layer.isEmpty && 'layers__line--empty')}
        aria-pressed={isChosen}
        title={layer.isEmpty ? t('images.page.emptyLayer') : undefined}
        onClick={onChoose}
      >
        <span className="layers__index">{layer.index + 1}</span>
        <span className="layers__command">
          <bdi>{shortCommand(layer.command)}</bdi>
        </span>
        <span className="layers__shared">
          {layer.sharedWith.length > 0 && (
            <>
              {t('images.page.sharedTitle')} {layer.sharedWith.length}
            </>
          )}
        </span>
        <span className="layers__bar" aria-hidden="true">
          <span style={{ width: `${(layer.sizeBytes / largest) * 100}%` }} />
        </span>
        <span className="layers__size">{layer.isEmpty ? '' : formatBytes(layer.sizeBytes)}</span>
      </button>
    </li>
  )
}

function LayerDetail({
  layer,
  totalBytes,
}: {
  readonly layer: Layer
  readonly totalBytes: number
}): ReactNode {
  const t = useT()
  return (
    <>
      <KeyValues
        rows={[
          {
            key: t('objects.size'),
            value: layer.isEmpty
              ? t('images.page.emptyLayer')
              : `${formatBytes(layer.sizeBytes)} · ${t('images.page.share', { percent: formatPercent((layer.sizeBytes / Math.max(1, totalBytes)) * 100) })}`,
          },
          {
            key: t('objects.created'),
            value:
              layer.createdAtMs > 0
                ? `${formatTime(layer.createdAtMs)} (${formatAge(layer.createdAtMs)})`
                : t('objects.none'),
          },
          ...(layer.diffId === undefined
            ? []
            : [{ key: t('images.page.diffId'), value: <code>{layer.diffId}</code> }]),
          ...(layer.tags.length === 0
            ? []
            : [{ key: t('images.column.tags'), value: <bdi>{layer.tags.join(', ')}</bdi> }]),
          ...(layer.sharedWith.length === 0
            ? []
            : [
                {
                  key: t('images.page.sharedTitle'),
                  value: <bdi>{layer.sharedWith.map((one) => one.tag).join(', ')}</bdi>,
                },
              ]),
        ]}
      />
      <h3 className="layers__heading">{t('images.page.commandFull')}</h3>
      <Code text={layer.command || layer.comment} />
    </>
  )
}

/** What the builder's wrapping hides: `RUN …` rather than `/bin/sh -c …`. */
export function shortCommand(command: string): string {
  const bare = command
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^\/bin\/sh -c /, 'RUN ')
    .replace(/\s+# buildkit$/, '')
    // The builder prints its own structure here.
    .replace(
      /^HEALTHCHECK &\{\["(CMD(?:-SHELL)?)" ?(.*?)\] .*$/s,
      (_all, _kind, words: string) => `HEALTHCHECK CMD ${words.replaceAll('"', '')}`,
    )
    .replace(/\s+/g, ' ')
  return bare.length > 300 ? `${bare.slice(0, 300)}…` : bare
}
