import { useState, type ReactNode } from 'react'
import type { Engine } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Button, Code } from '../../ui'

/** The last lines of the private engine's own log, read when asked for. */
export function EngineLog({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [isOpen, setOpen] = useState(engine.state.kind === 'lost')
  const log = useCall('engines.log', isOpen ? { engine: engine.id } : null)
  const text = log.state === 'ready' ? log.value.lines.join('\n') : ''
  return (
    <div className="engine-page__log">
      <div className="engine-page__actions">
        <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('engine.log')}: {t(isOpen ? 'engine.infoHide' : 'engine.infoShow')}
        </Button>
        {isOpen && (
          <Button size="sm" variant="ghost" busy={log.state === 'loading'} onClick={log.reload}>
            {t('engine.logReload')}
          </Button>
        )}
      </div>
      {isOpen && log.state === 'failed' && <p role="alert">{errorWords(t, log.error).title}</p>}
      {isOpen && log.state === 'ready' && (
        <Code text={text === '' ? t('engine.logEmpty') : text} copyLabel={t('common.copy')} />
      )}
    </div>
  )
}
