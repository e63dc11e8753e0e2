import { EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { LayerChange, LayerEntry } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { classNames } from '../../../ui'

const signs: Readonly<Record<LayerChange, string>> = { added: '+', changed: '~', removed: '−', unchanged: '' }

/** A sign, a colour and a word: each alone is enough. */
export function ChangeMark({
  change,
  below = false,
}: {
  readonly change: LayerChange
  readonly below?: boolean
}): ReactNode {
  const t = useT()
  if (change === 'unchanged' && !below) return <span className="layers-mark" />
  const words = change === 'unchanged' ? t('layers.change.below') : t(`layers.change.${change}`)
  return (
    <span
      className={classNames('layers-mark', `layers-mark--${change === 'unchanged' ? 'below' : change}`)}
      role="img"
      aria-label={words}
      title={words}
    >
      {change === 'unchanged' ? '•' : signs[change]}
    </span>
  )
}

/** A name as it is known to be safe to draw: its own direction, struck through when it is gone. */
export function EntryName({
  entry,
}: {
  readonly entry: Pick<LayerEntry, 'name' | 'path' | 'change'>
}): ReactNode {
  const isGone = entry.change === 'removed'
  return (
    <bdi className={classNames('mono', isGone && 'layers-gone')} title={entry.path}>
      {entry.name}
    </bdi>
  )
}

/** That nobody sees this copy in the image, and whose instruction hides it. */
export function HiddenMark({ entry }: { readonly entry: Pick<LayerEntry, 'hiddenBy'> }): ReactNode {
  const t = useT()
  if (!entry.hiddenBy) return null
  const words = t(`layers.hidden.${entry.hiddenBy.how}`, { layer: entry.hiddenBy.layer + 1 })
  return (
    <span className="layers-hidden" role="img" aria-label={words} title={words}>
      <EyeOff aria-hidden="true" />
    </span>
  )
}
