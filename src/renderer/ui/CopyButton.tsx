import { Check, Copy } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { IconButton } from './IconButton'
import { useUiWords } from './ui-words'

export interface CopyButtonProps {
  readonly text: string
  readonly label: string
  readonly size?: 'sm' | 'md' | undefined
}

/** How long the tick stays. */
const tickMs = 1500

export function CopyButton({ text, label, size = 'sm' }: CopyButtonProps): ReactNode {
  const words = useUiWords()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), tickMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <IconButton
      size={size}
      label={isCopied ? words.copied : label}
      icon={isCopied ? <Check /> : <Copy />}
      onClick={(event) => {
        event.stopPropagation()
        copy()
      }}
    />
  )
}
