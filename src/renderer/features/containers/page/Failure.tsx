import type { ReactNode } from 'react'
import type { WireError } from '../../../../shared/errors'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { Button, ErrorState } from '../../../ui'

interface FailureProps {
  readonly title: string
  readonly error: Pick<WireError, 'code' | 'facts'>
  readonly onRetry: () => void
}

/** What failed, why, what to do next, and trying again. */
export function Failure({ title, error, onRetry }: FailureProps): ReactNode {
  const t = useT()
  const words = errorWords(t, error)
  return (
    <ErrorState
      title={title}
      text={[words.title, words.text, words.detail].filter(Boolean).join(' ')}
      command={words.command}
      action={<Button onClick={onRetry}>{t('containers.page.retry')}</Button>}
    />
  )
}
