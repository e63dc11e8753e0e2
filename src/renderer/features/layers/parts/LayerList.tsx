import { Share2, TriangleAlert } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useT } from '../../../i18n'
import { formatBytes, formatNumber } from '../../../i18n/format'
import { classNames } from '../../../ui'
import { shortCommand } from './short-command'
import type { Step } from './steps'

interface LayerListProps {
  readonly steps: readonly Step[]
  readonly chosen: number | undefined
  readonly onChoose: (step: Step) => void
}

/** The steps as they were built, the first at the top: what each ran, added, changed, removed, and wasted. */
export function LayerList({ steps, chosen, onChoose }: LayerListProps): ReactNode {
  const t = useT()
  const largest = Math.max(1, ...steps.map((step) => step.sizeBytes))
  return (
    // Its buttons are the widgets; the keys only go from one to the other.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ol className="layers-list" aria-label={t('images.page.layers')} onKeyDown={moveFocus}>
      {steps.map((step) => (
        <li key={step.index}>
          <button
            type="button"
            className={classNames(
              'layers-list__line',
              step.layer === undefined && 'layers-list__line--empty',
            )}
            aria-pressed={step.index === chosen}
            title={step.command}
            onClick={() => onChoose(step)}
          >
            <span className="layers-list__index num">{step.index + 1}</span>
            <bdi className="layers-list__command">
              {shortCommand(step.command) || t('layers.list.unknown')}
            </bdi>
            <span className="layers-list__size num">
              {step.layer === undefined ? '' : formatBytes(step.sizeBytes)}
            </span>
            <Facts step={step} largest={largest} />
          </button>
        </li>
      ))}
    </ol>
  )
}

function Facts({ step, largest }: { readonly step: Step; readonly largest: number }): ReactNode {
  const t = useT()
  const { read, history } = step
  if (step.layer === undefined)
    return <span className="layers-list__facts layers-faint">{t('images.page.emptyLayer')}</span>
  const shared = history?.sharedWith ?? []
  const names = shared.map((one) => one.tag || one.id).join(', ')
  return (
    <span className="layers-list__facts">
      <span className="layers-bar" aria-hidden="true">
        <span style={{ width: `${(step.sizeBytes / largest) * 100}%` }} />
      </span>
      {read && <Counts {...read} />}
      {read !== undefined && read.wastedBytes > 0 && (
        <span className="layers-list__waste" title={t('layers.list.wasteHint')}>
          <TriangleAlert aria-hidden="true" />
          {t('layers.list.waste', { size: formatBytes(read.wastedBytes) })}
        </span>
      )}
      {shared.length > 0 && (
        <span title={names}>
          <Share2 aria-hidden="true" />
          {t('layers.list.shared', { count: shared.length })}
        </span>
      )}
    </span>
  )
}

function Counts({
  added,
  changed,
  removed,
}: {
  readonly added: number
  readonly changed: number
  readonly removed: number
}): ReactNode {
  const t = useT()
  const counts = { added, changed, removed }
  const words = t('layers.list.counts', {
    added: formatNumber(added),
    changed: formatNumber(changed),
    removed: formatNumber(removed),
  })
  return (
    <span role="img" aria-label={words} title={words} className="num layers-list__counts">
      {(['added', 'changed', 'removed'] as const).map(
        (kind) =>
          counts[kind] > 0 && (
            <span key={kind} className={`layers-count--${kind}`}>
              {{ added: '+', changed: '~', removed: '−' }[kind]}
              {formatNumber(counts[kind])}
            </span>
          ),
      )}
    </span>
  )
}

/** Up and Down, Home and End go along the lines; Tab leaves the list as always. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const lines = [...event.currentTarget.querySelectorAll('button')]
  const at = lines.findIndex((line) => line === document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key]
  if (to === undefined || at < 0) return
  event.preventDefault()
  lines[to]?.focus()
}
