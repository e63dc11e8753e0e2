import type { ReactNode } from 'react'
import { classNames } from './class-names'
import './progress-bar.css'

export interface ProgressBarProps {
  /** Absent: something goes on, nobody knows how far. */
  readonly value?: number | undefined
  readonly max?: number | undefined
  readonly label: string
}

export function ProgressBar({ value, max = 100, label }: ProgressBarProps): ReactNode {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      className={classNames('progress-bar', share === undefined && 'progress-bar--unknown')}
    >
      <div
        className="progress-bar__fill"
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  )
}
