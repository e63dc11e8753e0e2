import { useState, type ReactNode } from 'react'
import type { Diagnosis } from '../../../shared/model'
import { act, useCall, type CallState } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatTime } from '../../i18n/format'
import { Button, ErrorState, Loading, PageHeader, saveText, ScrollArea } from '../../ui'
import { CheckList } from './CheckList'
import './diagnostics.css'

/** What is wrong, found by looking at everything once: engines, machines, and what they stand on. */
export function DiagnosticsPage(): ReactNode {
  const t = useT()
  const diagnosis = useCall('diagnostics.run', {})
  const { value, isBusy, reload } = diagnosis
  return (
    <div className="page">
      <PageHeader
        title={t('diagnostics.title')}
        subtitle={value && t('diagnostics.lookedAt', { time: formatTime(value.atMs) })}
        actions={
          <>
            <SaveReport />
            <Button variant="primary" busy={isBusy} onClick={reload}>
              {t('diagnostics.again')}
            </Button>
          </>
        }
      />
      <ScrollArea className="diagnostics-page">
        <Body diagnosis={diagnosis} />
      </ScrollArea>
    </div>
  )
}

/** What was found last stays while it is looked again, and below the reason why that failed. */
function Body({ diagnosis }: { readonly diagnosis: CallState<Diagnosis> }): ReactNode {
  const t = useT()
  const { value, error, reload } = diagnosis
  if (!value && !error) return <Loading label={t('diagnostics.looking')} />
  const words = error && errorWords(t, error)
  return (
    <>
      {words && (
        <ErrorState
          title={words.title}
          text={words.text}
          action={<Button onClick={reload}>{t('common.retry')}</Button>}
        />
      )}
      {value && <CheckList checks={value.checks} />}
    </>
  )
}

function SaveReport(): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    setBusy(true)
    const report = await act('diagnostics.report', {})
    setBusy(false)
    const day = new Date().toISOString().slice(0, 10)
    if (report) saveText(report.text, `slipway-diagnostics-${day}.txt`)
  }
  return (
    <Button busy={isBusy} title={t('diagnostics.saveHint')} onClick={() => void save()}>
      {t('diagnostics.save')}
    </Button>
  )
}
