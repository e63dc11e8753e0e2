import { Eye, EyeOff } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { Layer, LayerSummary } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { maskInstruction } from '../../../objects/secrets/secrets'
import { Button } from '../../../ui'

interface Hiding {
  /** As they may be shown now. */
  readonly history: readonly Layer[] | undefined
  readonly summary: LayerSummary | undefined
  /** Absent where no instruction holds what looks like a secret. */
  readonly control: ReactNode
}

/** Takes the values that look like secrets out of the instructions, before anything draws them. */
export function useHiddenValues(
  history: readonly Layer[] | undefined,
  summary: LayerSummary | undefined,
): Hiding {
  const [isRevealed, setRevealed] = useState(false)
  const masked = useMemo(() => maskBoth(history, summary), [history, summary])
  if (!masked.hasHidden) return { history, summary, control: undefined }
  const control = <Control isRevealed={isRevealed} onToggle={() => setRevealed(!isRevealed)} />
  return isRevealed ? { history, summary, control } : { ...masked, control }
}

function Control({
  isRevealed,
  onToggle,
}: {
  readonly isRevealed: boolean
  readonly onToggle: () => void
}): ReactNode {
  const t = useT()
  return (
    <div className="layers-steps__hidden">
      <Button
        size="sm"
        icon={isRevealed ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        aria-pressed={isRevealed}
        onClick={onToggle}
      >
        {t(isRevealed ? 'layers.hiddenValues.hide' : 'layers.hiddenValues.reveal')}
      </Button>
    </div>
  )
}

function maskBoth(history: readonly Layer[] | undefined, summary: LayerSummary | undefined) {
  let hasHidden = false
  const mask = (text: string): string => {
    const masked = maskInstruction(text)
    if (masked !== text) hasHidden = true
    return masked
  }
  const masked = {
    history: history?.map((one) => ({ ...one, command: mask(one.command), comment: mask(one.comment) })),
    summary: summary && {
      ...summary,
      layers: summary.layers.map((one) => ({ ...one, command: mask(one.command) })),
    },
  }
  return { ...masked, hasHidden }
}
