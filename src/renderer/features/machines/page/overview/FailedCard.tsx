import type { ReactNode } from 'react'
import type { Machine } from '../../../../../shared/model'
import { useT, type Translate } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { Code, StatusDot } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'
import { MendButtons } from './MendButtons'
import { mendsOfFailure } from './mends'

interface FailedCardProps {
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

/** What went wrong in words, the console's lines that matter, and buttons that mend. */
export function FailedCard({ machine, onDialog }: FailedCardProps): ReactNode {
  const t = useT()
  const { state } = machine
  if (state.kind !== 'failed') return null
  const title = titleOf(t, machine.settings.name, state.stage)
  const words = errorWords(t, state.cause)
  return (
    <section className="machine-card machine-card--bad" aria-label={title}>
      <StatusDot tone="bad" label={title} />
      <div className="machine-card__words">
        <h2 className="machine-card__title">{title}</h2>
        <p>
          <strong>{words.title}.</strong> {words.text}
        </p>
        {words.detail !== undefined && <p className="mono machine-card__detail">{words.detail}</p>}
        {words.command !== undefined && <Code text={words.command} copyLabel={t('common.copyCommand')} />}
        {state.lines.length > 0 && (
          <>
            <p className="dim">{t('machines.page.failed.lines')}</p>
            <Code text={state.lines.join('\n')} copyLabel={t('common.copy')} />
          </>
        )}
        <MendButtons hasMain machine={machine} mends={mendsOfFailure(state)} onDialog={onDialog} />
        <a href="#/diagnostics">{t('machines.page.failed.diagnostics')}</a>
      </div>
    </section>
  )
}

type FailedStage = Extract<Machine['state'], { kind: 'failed' }>['stage']

function titleOf(t: Translate, name: string, stage: FailedStage): string {
  if (stage === 'running') return t('machines.page.failed.titleRunning', { name })
  if (stage === 'stopping') return t('machines.page.failed.titleStopping', { name })
  return t('machines.page.failed.title', { name })
}
