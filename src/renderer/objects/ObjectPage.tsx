import type { ReactNode } from 'react'
import type { AppError } from '../../shared/errors'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { Button, ErrorState, Loading } from '../ui'

/** The page of one object while its answer is not there: loading, gone, or failed with a way on. */
export function ObjectState({
  error,
  href,
  onRetry,
}: {
  readonly error: AppError | undefined
  readonly href: string
  readonly onRetry: () => void
}): ReactNode {
  const t = useT()
  if (!error) return <Loading label={t('objects.loading')} />
  const back = <a href={href}>{t('objects.back')}</a>
  if (error.code === 'object.not-found')
    return <ErrorState title={t('objects.gone')} text={t('objects.goneText')} action={back} />
  return (
    <ErrorState
      {...errorWords(t, error)}
      action={
        <>
          <Button onClick={onRetry}>{t('objects.retry')}</Button> {back}
        </>
      }
    />
  )
}

/** A record as lines for `KeyValues`. */
export const recordRows = (record: Readonly<Record<string, string>>): { key: string; value: ReactNode }[] =>
  Object.entries(record).map(([key, value]) => ({ key, value: <bdi>{value}</bdi> }))
