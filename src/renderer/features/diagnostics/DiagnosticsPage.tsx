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
  const last = useLast(diagnosis)
  return (
    <div className="page">
      <PageHeader
        title={t('diagnostics.title')}
        subtitle={last && t('diagnostics.lookedAt', { time: formatTime(last.atMs) })}
        actions={
          <>
            <SaveReport />
            <Button variant="primary" busy={diagnosis.state === 'loading'} onClick={diagnosis.reload}>
              {t('diagnostics.again')}
            </Button>
          </>
        }
      />
      <ScrollArea className="diagnostics-page">
        <Body diagnosis={diagnosis} last={last} />
      </ScrollArea>
    </div>
  )
}

interface BodyProps {
  readonly diagnosis: CallState<Diagnosis>
  readonly last: Diagnosis | undefined
}

function Body({ diagnosis, last }: BodyProps): ReactNode {
  const t = useT()
  if (diagnosis.state === 'failed') {
    const { title, text } = errorWords(t, diagnosis.error)
    return (
      <ErrorState
        title={title}
        text={text}
        action={<Button onClick={diagnosis.reload}>{t('common.retry')}</Button>}
      />
    )
  }
  return last ? <CheckList checks={last.checks} /> : <Loading label={t('diagnostics.looking')} />
}

/** What was found last stays while it is looked again. */
function useLast(diagnosis: CallState<Diagnosis>): Diagnosis | undefined {
  const [last, setLast] = useState<Diagnosis>()
  if (diagnosis.state === 'ready' && diagnosis.value !== last) setLast(diagnosis.value)
  return last
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
