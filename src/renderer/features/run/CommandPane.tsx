import { useRef, type ClipboardEvent, type ReactNode } from 'react'
import { useT } from '../../i18n'
import { CopyButton, TextArea } from '../../ui'
import { commandWords } from './field-words'
import { isRunCommand, useRunForm } from './form'
import { textOf } from './use-words'

/** The equal `docker run` beside the form. Typing or pasting here fills the form. */
export function CommandPane(): ReactNode {
  const t = useT()
  const { command, typeCommand, commandProblems } = useRunForm()
  const box = useRef<HTMLTextAreaElement>(null)
  const handlePaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text').replace(/\r\n?/g, '\n')
    if (event.target !== box.current || !isRunCommand(text)) return
    // The box is never empty: a whole command at the caret would end up inside of the one that stands there.
    event.preventDefault()
    if (!insertInstead(box.current, text)) typeCommand(text)
  }
  return (
    <aside className="run-command" aria-label={t('run.command.title')} onPaste={handlePaste}>
      <div className="run-command__head">
        <h2>{t('run.command.title')}</h2>
        <CopyButton text={command} label={t('run.command.copy')} />
      </div>
      <TextArea
        label={t('run.command.title')}
        ref={box}
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

/** Replaces the box's text as typing would, so that it can be undone; false where the window cannot. */
function insertInstead(box: HTMLTextAreaElement, text: string): boolean {
  box.select()
  const edits: { readonly execCommand?: (name: string, hasUi: boolean, text: string) => boolean } = document
  return edits.execCommand?.call(document, 'insertText', false, text) ?? false
}
