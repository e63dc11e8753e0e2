import { useState, type ReactNode } from 'react'
import type { WireError } from '../../shared/errors'
import { act } from '../api'
import { useT, type Translate } from '../i18n'
import { Button, isEnterInField, TextField } from '../ui'
import { SshBanner } from './SshBanner'
import './ssh-question.css'

/** Whether a login over SSH waits for a person. */
export const isSshQuestion = ({ code }: Pick<WireError, 'code'>): boolean =>
  code === 'ssh.unknown-host' || code === 'ssh.needs-answer'

interface SshQuestionProps {
  readonly error: Pick<WireError, 'code' | 'facts'>
  /** The answer was taken: what failed may be tried again. */
  readonly onAnswered?: (() => void) | undefined
}

/** A host key that is not known yet, a passphrase, a password: what is asked, and the answer. */
export function SshQuestion({ error, onAnswered }: SshQuestionProps): ReactNode {
  const [isBusy, setBusy] = useState(false)
  const fact = (name: string): string => String(error.facts[name] ?? '')
  const answer = async (text: string): Promise<void> => {
    setBusy(true)
    const taken = await act('remotes.answer', { question: fact('question'), answer: text })
    setBusy(false)
    if (taken !== undefined) onAnswered?.()
  }
  const shared = { fact, isBusy, onAnswer: (text: string) => void answer(text) }
  return error.code === 'ssh.unknown-host' ? (
    <HostKey {...shared} />
  ) : (
    <Secret
      key={fact('question')}
      {...shared}
      wasWrong={error.facts['wasWrong'] === true}
      isSecret={error.facts['isSecret'] !== false}
    />
  )
}

interface AskProps {
  readonly fact: (name: string) => string
  readonly isBusy: boolean
  readonly onAnswer: (text: string) => void
}

function HostKey({ fact, isBusy, onAnswer }: AskProps): ReactNode {
  const t = useT()
  return (
    <div
      className="ssh-question"
      role="group"
      aria-label={t('objects.ssh.hostTitle', { name: fact('name') })}
    >
      <strong>
        <bdi>{t('objects.ssh.hostTitle', { name: fact('name') })}</bdi>
      </strong>
      <p className="dim">{t('objects.ssh.hostText')}</p>
      <code className="ssh-question__key">
        {fact('keyType')} {fact('fingerprint')}
      </code>
      <div>
        <Button size="sm" busy={isBusy} onClick={() => onAnswer(fact('fingerprint'))}>
          {t('objects.ssh.trust')}
        </Button>
      </div>
    </div>
  )
}

/** What core asks for itself has our words; a prompt is the host's own. */
function askWords(t: Translate, fact: AskProps['fact']): { readonly title: string; readonly label: string } {
  const name = fact('name')
  const title = t('objects.ssh.askTitle', { name })
  if (fact('kind') === 'passphrase')
    return { title: t('objects.ssh.lockedTitle', { name }), label: t('objects.ssh.passphrase') }
  if (fact('kind') === 'password') return { title, label: t('objects.ssh.password') }
  return { title, label: fact('prompt') || t('objects.ssh.answer') }
}

function Secret(props: AskProps & { readonly wasWrong: boolean; readonly isSecret: boolean }): ReactNode {
  const t = useT()
  const { fact, isBusy, onAnswer } = props
  const [text, setText] = useState('')
  const { title, label } = askWords(t, fact)
  return (
    <div className="ssh-question" role="group" aria-label={title}>
      <strong>
        <bdi>{title}</bdi>
      </strong>
      <SshBanner text={fact('banner')} />
      <TextField
        label={label}
        type={props.isSecret ? 'password' : 'text'}
        hint={t('objects.ssh.kept')}
        value={text}
        error={props.wasWrong ? t('objects.ssh.wrong') : undefined}
        onChange={setText}
        onKeyDown={(event) => isEnterInField(event) && !isBusy && text !== '' && onAnswer(text)}
      />
      <div>
        <Button size="sm" busy={isBusy} disabled={text === ''} onClick={() => onAnswer(text)}>
          {t('objects.ssh.send')}
        </Button>
      </div>
    </div>
  )
}
