import { useState, type ReactNode } from 'react'
import type { EngineId } from '../../shared/model'
import { act } from '../api'
import { useT } from '../i18n'
import { Button } from '../ui'

/** A person's word on the agent of an engine. `busy` is the word that is on its way. */
export function useAgentWord(engine: EngineId): {
  readonly busy: boolean | undefined
  readonly say: (allowed: boolean) => void
} {
  const [busy, setBusy] = useState<boolean>()
  const say = (allowed: boolean): void => {
    setBusy(allowed)
    void act('agents.allow', { engine, allowed }).finally(() => setBusy(undefined))
  }
  return { busy, say }
}

/** The two answers to whether the agent may stand beside an engine. */
export function AgentAnswers({ engine }: { readonly engine: EngineId }): ReactNode {
  const t = useT()
  const { busy, say } = useAgentWord(engine)
  return (
    <>
      <Button size="sm" variant="primary" busy={busy === true} onClick={() => say(true)}>
        {t('engine.agent.allow')}
      </Button>
      <Button size="sm" busy={busy === false} onClick={() => say(false)}>
        {t('engine.agent.notNow')}
      </Button>
    </>
  )
}
