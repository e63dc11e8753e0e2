import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Engine } from '../../shared/model'
import { useT } from '../i18n'
import { AgentAnswers } from '../objects/AgentAnswers'
import { useEnginesToAsk } from '../store/agents'
import { useRunningEngines } from '../store/inventory'
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
      <AgentAnswers engine={engine.id} />
    </section>
  )
}
