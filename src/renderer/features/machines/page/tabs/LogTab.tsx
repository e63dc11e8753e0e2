import type { ReactNode } from 'react'
import type { Machine } from '../../../../../shared/model'
import { useCall } from '../../../../api'
import { useT } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { Button, Code, ErrorState, Loading, ScrollArea, Toolbar } from '../../../../ui'

/** The log of the machine's life: what core did and saw, also while all is down. */
export function LogTab({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const log = useCall('machines.log', { machine: machine.id })
  const again = (
    <Button size="sm" busy={log.state === 'loading'} onClick={log.reload}>
      {t('machines.page.log.reload')}
    </Button>
  )
  if (log.state === 'loading') return <Loading label={t('common.loading')} />
  if (log.state === 'failed') {
    const words = errorWords(t, log.error)
    return <ErrorState title={words.title} text={words.text} action={again} />
  }
  const text = log.value.lines.join('\n')
  return (
    <>
      <Toolbar>
        <span className="toolbar__space" />
        {again}
      </Toolbar>
      <ScrollArea className="machine-page">
        {text === '' ? (
          <p className="dim">{t('machines.page.log.empty')}</p>
        ) : (
          <Code text={text} copyLabel={t('common.copy')} />
        )}
      </ScrollArea>
    </>
  )
}
