import type { ReactNode } from 'react'
import { reconnectNow, useConnection } from '../api'
import { useT } from '../i18n'
import { Button, ErrorState, Loading } from '../ui'
import './core-state.css'

/**
 * Covers the window while core is away, so that nobody acts on what is no longer true. The first quick
 * try to reconnect is silent: a restart of core is a blink, not a page.
 */
export function CoreState(): ReactNode {
  const t = useT()
  const connection = useConnection()
  const isSilent = connection.state === 'gone' && connection.attempt < 2
  if (connection.state === 'connected' || isSilent) return null
  return (
    <div className="core-state">
      {connection.state === 'connecting' && <Loading label={t('shell.core.connecting')} />}
      {connection.state === 'gone' && (
        <ErrorState
          title={t('shell.core.goneTitle')}
          text={t('shell.core.goneText')}
          action={
            <Button variant="primary" onClick={reconnectNow}>
              {t('shell.core.retry')}
            </Button>
          }
        />
      )}
      {connection.state === 'refused' && (
        <ErrorState
          title={t('shell.core.refusedTitle')}
          text={t('shell.core.refusedText')}
          command={t('shell.core.refusedCommand')}
        />
      )}
    </div>
  )
}
