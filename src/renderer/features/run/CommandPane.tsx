import type { ReactNode } from 'react'
import { useT } from '../../i18n'
import { CopyButton, TextArea } from '../../ui'
import { commandWords } from './field-words'
import { useRunForm } from './form'
import { textOf } from './use-words'

/** The equal `docker run` beside the form. Typing or pasting here fills the form. */
export function CommandPane(): ReactNode {
  const t = useT()
  const { command, typeCommand, commandProblems } = useRunForm()
  return (
    <aside className="run-command" aria-label={t('run.command.title')}>
      <div className="run-command__head">
        <h2>{t('run.command.title')}</h2>
        <CopyButton text={command} label={t('run.command.copy')} />
      </div>
      <TextArea
        label={t('run.command.title')}
        hideLabel
        mono
        rows={Math.min(30, Math.max(8, command.split('\n').length + 1))}
        value={command}
        hint={t('run.command.hint')}
        onChange={typeCommand}
      />
      {commandProblems.length > 0 && (
        <div role="status" className="run-command__problems">
          <h3>{t('run.command.problems')}</h3>
          <ul>
            {commandProblems.map((problem, index) => (
              <li key={index}>
                {t(`run.problem.${commandWords[problem.code]}`, {
                  token: problem.token,
                  ...textOf(problem.facts),
                })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  )
}
