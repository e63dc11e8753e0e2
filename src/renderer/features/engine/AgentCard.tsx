import { useEffect, useState, type ReactNode } from 'react'
import type { AgentCost, AgentState, Engine } from '../../../shared/model'
import { call } from '../../api'
import { useT, type Translate } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatBytes, formatPercent } from '../../i18n/format'
import { AgentAnswers, useAgentWord } from '../../objects/AgentAnswers'
import { useAgent } from '../../store/agents'
import { Button, KeyValues, StatusDot } from '../../ui'

const costEveryMs = 5000

/** Methods by what a person knows them as. */
const parts = {
  stats: ['stats.watch'],
  logs: ['logs.read'],
  search: ['logs.search'],
  layers: ['layers.list', 'layers.tree'],
  files: ['files.list', 'files.read'],
  host: ['host.watch'],
  disk: ['host.disk'],
  terminals: ['terminals.open', 'terminals.attach'],
} as const

/** What stands beside the engine, what it does and costs, and the person's word on it. */
export function AgentCard({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const state = useAgent(engine.id)
  if (!state || engine.state.kind !== 'running') return null
  return (
    <section className="agent-card" aria-label={t('engine.agent.title')}>
      <div className="agent-card__head">
        <h3 className="agent-card__title">{t('engine.agent.title')}</h3>
        <StatusDot tone={toneOf(state)} label={stateWords(t, state)} />
        <span>{stateWords(t, state)}</span>
        <span className="agent-card__space" />
        <Choice engine={engine} state={state} />
      </div>
      <p className="dim">{t('engine.agent.text')}</p>
      {state.kind === 'unasked' && <p>{t('engine.agent.question')}</p>}
      {state.kind === 'failed' && <WhyFailed state={state} />}
      {state.kind === 'running' && <Running engine={engine} state={state} />}
    </section>
  )
}

function toneOf(state: AgentState): 'ok' | 'warn' | 'idle' | 'busy' {
  if (state.kind === 'running') return 'ok'
  if (state.kind === 'failed') return 'warn'
  return state.kind === 'starting' ? 'busy' : 'idle'
}

function stateWords(t: Translate, state: AgentState): string {
  if (state.kind !== 'off') return t(`engine.agent.state.${state.kind}`)
  if (state.because === 'unsupported') return t(`engine.agent.obstacle.${state.why}`)
  return t(`engine.agent.off.${state.because}`)
}

/** The question once, then the way back from either answer. */
function Choice({ engine, state }: { readonly engine: Engine; readonly state: AgentState }): ReactNode {
  const t = useT()
  const { busy, say } = useAgentWord(engine.id)
  if (state.kind === 'off' && state.because !== 'declined') return null
  if (state.kind === 'unasked') return <AgentAnswers engine={engine.id} />
  const isOff = state.kind === 'off'
  return (
    <Button size="sm" busy={busy !== undefined} onClick={() => say(isOff)}>
      {t(isOff ? 'engine.agent.switchOn' : 'engine.agent.switchOff')}
    </Button>
  )
}

function WhyFailed({ state }: { readonly state: Extract<AgentState, { kind: 'failed' }> }): ReactNode {
  const t = useT()
  const { title, detail } = errorWords(t, state.error)
  return (
    <p>
      {title}. <span className="dim">{t('engine.agent.failedText')}</span>
      {detail !== undefined && <bdi className="faint mono"> {detail}</bdi>}
    </p>
  )
}

interface RunningProps {
  readonly engine: Engine
  readonly state: Extract<AgentState, { kind: 'running' }>
}

function Running({ engine, state }: RunningProps): ReactNode {
  const t = useT()
  const cost = useCost(engine, state.sinceMs)
  const partsThat = (isServed: boolean): string =>
    Object.entries(parts)
      .filter(([, methods]) => methods.every((method) => state.features.includes(method)) === isServed)
      .map(([name]) => t(`engine.agent.part.${name as keyof typeof parts}`))
      .join(', ')
  const missing = partsThat(false)
  return (
    <KeyValues
      rows={[
        { key: t('engine.agent.road'), value: t(`engine.agent.roads.${state.road}`) },
        { key: t('engine.agent.parts'), value: partsThat(true) },
        ...(missing === '' ? [] : [{ key: t('engine.agent.missing'), value: missing }]),
        {
          key: t('engine.agent.cost'),
          value: cost
            ? t('engine.agent.costValue', {
                cpu: formatPercent(cost.cpuPercent),
                memory: formatBytes(cost.rssBytes, 'binary'),
              })
            : '…',
        },
        { key: t('engine.agent.version'), value: <bdi className="mono">{state.version}</bdi> },
      ]}
    />
  )
}

interface Cost {
  readonly cpuPercent: number
  readonly rssBytes: number
}

/** The share of one core since the reading before; of its whole life at first. Asked only while it is seen. */
function useCost(engine: Engine, sinceMs: number): Cost | undefined {
  const [cost, setCost] = useState<Cost>()
  useEffect(() => {
    let before: AgentCost | undefined
    let isOn = true
    const read = async (): Promise<void> => {
      if (document.hidden) return
      const now = await call('agents.cost', { engine: engine.id }).catch(() => undefined)
      if (!isOn || !now) return
      const passedMs = now.uptimeMs - (before?.uptimeMs ?? 0)
      const usedMs = now.cpuMs - (before?.cpuMs ?? 0)
      setCost({ cpuPercent: passedMs > 0 ? (usedMs / passedMs) * 100 : 0, rssBytes: now.rssBytes })
      before = now
    }
    void read()
    const timer = setInterval(() => void read(), costEveryMs)
    return () => {
      isOn = false
      clearInterval(timer)
    }
  }, [engine.id, sinceMs])
  return cost
}
