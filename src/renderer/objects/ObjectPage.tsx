import type { ReactNode } from 'react'
import type { AppError } from '../../shared/errors'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { Button, ErrorState, KeyValues, Loading } from '../ui'
import type { Revealed } from './secrets/revealed'
import { SecretText } from './secrets/SecretText'

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

interface RecordLinesProps {
  readonly record: Readonly<Record<string, string>>
  /** Of the record in the object's JSON: `.Labels`. */
  readonly path: string
  readonly revealed: Revealed
}

/** Labels or options, with dots for what looks like a secret. */
export function RecordLines({ record, path, revealed }: RecordLinesProps): ReactNode {
  const t = useT()
  const rows = Object.entries(record).map(([name, value]) => ({
    key: name,
    value: <SecretText id={`${path}.${name}`} name={name} value={value} revealed={revealed} />,
  }))
  return <KeyValues rows={rows} none={t('objects.none')} />
}
