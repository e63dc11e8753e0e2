import type { ReactNode } from 'react'
import type { Check, CheckState } from '../../../shared/model'
import { useT, type Translate } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Finding } from '../../objects/Finding'
import { Code, type Tone } from '../../ui'
import { checkWords } from './check-words'

const tones: Readonly<Record<CheckState, Tone>> = { bad: 'bad', warning: 'warn', note: 'idle', good: 'ok' }

/** Each thing that was looked at, the worst first: what was found, why, and the command that mends it. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  const t = useT()
  return (
    <>
      <p>{summaryOf(t, checks)}</p>
      <ul className="finding-list" aria-label={t('diagnostics.title')}>
        {checks.map((check) => (
          <CheckLine
            key={`${check.name} ${check.subject ?? ''} ${String(check.facts['kind'] ?? '')}`}
            check={check}
          />
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
    <Finding
      tone={tones[state]}
      state={t(`diagnostics.states.${state}`)}
      title={t(`diagnostics.names.${name}`)}
      about={subject !== undefined && <bdi className="faint mono truncate">{subject}</bdi>}
      text={checkWords(t, check)}
      words={words}
      mend={command !== undefined && <Code text={command} copyLabel={t('diagnostics.copyMend')} />}
    />
  )
}
