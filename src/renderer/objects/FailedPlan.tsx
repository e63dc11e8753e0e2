import type { ReactNode } from 'react'
import type { WireError } from '../../shared/errors'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { Button } from '../ui'

interface FailedPlanProps {
  readonly error: Pick<WireError, 'code' | 'facts'>
  readonly onRetry: () => void
}

/** In a dialog that could not be told what it would take away. */
export function FailedPlan({ error, onRetry }: FailedPlanProps): ReactNode {
  const t = useT()
  const { title, text } = errorWords(t, error)
  return (
    <p role="alert">
      {title}. {text} <Button onClick={onRetry}>{t('common.retry')}</Button>
    </p>
  )
}
