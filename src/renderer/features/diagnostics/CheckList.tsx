import type { ReactNode } from 'react'
import type { Check, CheckState } from '../../../shared/model'
import { useT, type Translate } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Code, StatusDot, type Tone } from '../../ui'
import { checkWords } from './check-words'

const tones: Readonly<Record<CheckState, Tone>> = { bad: 'bad', warning: 'warn', note: 'idle', good: 'ok' }

/** Each thing that was looked at, the worst first: what was found, why, and the command that mends it. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  const t = useT()
  return (
    <>
      <p>{summaryOf(t, checks)}</p>
      <ul className="check-list" aria-label={t('diagnostics.title')}>
        {checks.map((check) => (
          <CheckLine key={`${check.name} ${check.subject ?? ''}`} check={check} />
        ))}
      </ul>
    </>
  )
}

/** How many things there are to mend; that there are none is said too. */
function summaryOf(t: Translate, checks: readonly Check[]): string {
  const count = checks.filter(({ state }) => state === 'bad' || state === 'warning').length
  return count === 0 ? t('diagnostics.allGood') : t('diagnostics.found', { count })
}

function CheckLine({ check }: { readonly check: Check }): ReactNode {
  const t = useT()
  const { name, subject, state, error, mend } = check
  const words = error && errorWords(t, error)
  const command = mend ?? words?.command
  return (
    <li className="check-list__check">
      <StatusDot tone={tones[state]} label={t(`diagnostics.states.${state}`)} />
      <div className="check-list__words">
        <div className="check-list__head">
          <strong>{t(`diagnostics.names.${name}`)}</strong>
          {subject !== undefined && <bdi className="faint mono truncate">{subject}</bdi>}
        </div>
        <p className="dim">{checkWords(t, check)}</p>
        {words && (
          <p className="dim">
            {words.title}. {words.text}
          </p>
        )}
        {words?.detail !== undefined && <p className="faint mono check-list__detail">{words.detail}</p>}
        {command !== undefined && <Code text={command} copyLabel={t('diagnostics.copyMend')} />}
      </div>
    </li>
  )
}
