import { useState, type ReactNode } from 'react'
import type { WireError } from '../../../shared/errors'
import type { Engine } from '../../../shared/model'
import { useCall, type CallState } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { useAgentServes } from '../../store/agents'
import { Button, Code } from '../../ui'

/** The last lines of the engine's own log, read when asked for: by core of its own engine, else by the agent. */
export function EngineLog({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const isServed = useAgentServes(engine.id, 'host.log')
  const [isOpen, setOpen] = useState(engine.isOurs && engine.state.kind === 'lost')
  const args = isOpen ? { engine: engine.id } : null
  const own = useCall('engines.log', engine.isOurs ? args : null)
  const told = useCall('host.log', engine.isOurs ? null : args)
  if (!engine.isOurs && !isServed) return null
  const log = engine.isOurs ? own : told
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
      {isOpen && <Text log={log} />}
    </div>
  )
}

function Text({ log }: { readonly log: CallState<{ readonly lines: readonly string[] }> }): ReactNode {
  const t = useT()
  if (log.state === 'loading') return null
  if (log.state === 'failed') return <WhyNot error={log.error} />
  const text = log.value.lines.join('\n')
  return <Code text={text === '' ? t('engine.logEmpty') : text} copyLabel={t('common.copy')} />
}

function WhyNot({ error }: { readonly error: WireError }): ReactNode {
  const t = useT()
  const { unit, what } = error.facts
  if (typeof unit === 'string')
    return (
      <>
        <p>{t('engine.logInJournal')}</p>
        <Code text={`journalctl -u ${unit} -n 500`} copyLabel={t('common.copy')} />
      </>
    )
  if (what === 'log') return <p>{t('engine.logHidden')}</p>
  return <p role="alert">{errorWords(t, error).title}</p>
}
