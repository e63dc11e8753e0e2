import { Check, Copy, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { IconButton } from './IconButton'
import { useUiWords } from './ui-words'

export interface CopyButtonProps {
  readonly text: string
  readonly label: string
  readonly size?: 'sm' | 'md' | undefined
}

/** How long it says what came of it. */
const tickMs = 1500
const outcomeIcons = { copied: <Check />, copyFailed: <X /> }

export function CopyButton({ text, label, size = 'sm' }: CopyButtonProps): ReactNode {
  const words = useUiWords()
  const [outcome, setOutcome] = useState<'copied' | 'copyFailed'>()
  useEffect(() => {
    if (outcome === undefined) return undefined
    const timer = setTimeout(() => setOutcome(undefined), tickMs)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      // A browser has no clipboard where the page came over http.
      setOutcome('copyFailed')
    }
  }
  return (
    <IconButton
      size={size}
      label={outcome ? words[outcome] : label}
      icon={outcome ? outcomeIcons[outcome] : <Copy />}
      onClick={(event) => {
        event.stopPropagation()
        void copy()
      }}
    />
  )
}
