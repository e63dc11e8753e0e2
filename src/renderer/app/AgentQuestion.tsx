import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Engine } from '../../shared/model'
import { act } from '../api'
import { useT } from '../i18n'
import { useEnginesToAsk } from '../store/agents'
import { useRunningEngines } from '../store/inventory'
import { Button } from '../ui'
import './engine-banner.css'

/**
 * Whether the agent may stand beside an engine: asked once for each, one engine at a time, in a line that waits for
 * its answer and covers nothing. The engine's own page asks in its card.
 */
export function AgentQuestion(): ReactNode {
  const [path] = useLocation()
  const toAsk = useEnginesToAsk()
  const engine = useRunningEngines().find(({ id }) => toAsk.has(id))
  if (!engine || path.startsWith('/engine')) return null
  return <Question key={engine.id} engine={engine} />
}

function Question({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [busy, setBusy] = useState<boolean>()
  const say = (allowed: boolean): void => {
    setBusy(allowed)
    void act('agents.allow', { engine: engine.id, allowed }).finally(() => setBusy(undefined))
  }
  return (
    <section
      className="engine-banner engine-banner--question"
      aria-label={t('shell.agent.title', { name: engine.name })}
    >
      <div className="engine-banner__words">
        <strong>
          <bdi>{t('shell.agent.title', { name: engine.name })}</bdi>
        </strong>{' '}
        <span>{t('engine.agent.question')}</span> <span className="dim">{t('shell.agent.later')}</span>
      </div>
      <Button size="sm" variant="primary" busy={busy === true} onClick={() => say(true)}>
        {t('engine.agent.allow')}
      </Button>
      <Button size="sm" busy={busy === false} onClick={() => say(false)}>
        {t('engine.agent.notNow')}
      </Button>
    </section>
  )
}
