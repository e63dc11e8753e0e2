import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TerminalEnd } from '../../../shared/model'
import { type Translate, useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatBytes } from '../../i18n/format'
import { Button } from '../../ui'
import type { ScreenState } from './use-screen'

export interface PaneStateProps {
  readonly state: ScreenState
  /** Words why it cannot be opened again now. */
  readonly whyShut?: string | undefined
  readonly onReopen: () => void
}

/** What a person must know of a terminal besides what is on it. What is on it stays. */
export function PaneState({ state, whyShut, onReopen }: PaneStateProps): ReactNode {
  const t = useT()
  if (state.kind === 'live') {
    if (state.droppedBytes === 0) return null
    const size = formatBytes(state.droppedBytes)
    return <div className="term-pane__note">{t('terminal.dropped', { size })}</div>
  }
  if (state.kind === 'attaching')
    return (
      <div className="term-pane__note" role="status">
        {t('terminal.attaching')}
      </div>
    )
  const words = state.kind === 'ended' ? endWords(t, state.end) : errorWords(t, state.error).title
  return (
    <div className="term-pane__ended" role="status">
      <span>{words}</span>
      <Button
        size="sm"
        icon={<RotateCcw aria-hidden="true" />}
        disabled={whyShut !== undefined}
        title={whyShut}
        onClick={onReopen}
      >
        {t('terminal.reopen')}
      </Button>
    </div>
  )
}

/** Why a session ended. */
export function endWords(t: Translate, end: TerminalEnd): string {
  if (end.error?.code.startsWith('engine.')) return t('terminal.endedEngine')
  if (end.error && end.error.code !== 'terminal.ended')
    return t('terminal.endedReason', { reason: errorWords(t, end.error).title })
  return end.exitCode === undefined ? t('terminal.ended') : t('terminal.endedExit', { code: end.exitCode })
}
