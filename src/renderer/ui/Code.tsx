import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton'
import './code.css'

export interface CodeProps {
  readonly text: string
  /** Given: a copy button with this name. */
  readonly copyLabel?: string | undefined
}

/** Text to be read or pasted exactly: a command, an output. Wraps, never runs out of its box. */
export function Code({ text, copyLabel }: CodeProps): ReactNode {
  return (
    <div className="code">
      <pre className="code__text">{text}</pre>
      {copyLabel !== undefined && <CopyButton text={text} label={copyLabel} />}
    </div>
  )
}
