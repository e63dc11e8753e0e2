import type { ReactNode } from 'react'
import type { ErrorWords } from '../i18n/error-words'
import { StatusDot, type Tone } from '../ui'
import './finding.css'

interface FindingProps {
  readonly tone: Tone
  /** What the tone says. */
  readonly state: string
  readonly title: string
  /** Behind the title. */
  readonly about?: ReactNode
  /** What was found. */
  readonly text?: string
  /** Why it is so. */
  readonly words?: ErrorWords | undefined
  /** What mends it. */
  readonly mend?: ReactNode
}

/** One thing that was looked at: what was found, why, and what mends it. A line of `ul.finding-list` or `ol`. */
export function Finding({ tone, state, title, about, text, words, mend }: FindingProps): ReactNode {
  return (
    <li className="finding">
      <StatusDot tone={tone} label={state} />
      <div className="finding__words">
        <div className="finding__head">
          <strong>{title}</strong>
          {about}
        </div>
        {text !== undefined && <p className="dim">{text}</p>}
        {words && (
          <p className="dim">
            {words.title}. {words.text}
          </p>
        )}
        {words?.detail !== undefined && <p className="faint mono finding__detail">{words.detail}</p>}
        {mend}
      </div>
    </li>
  )
}
