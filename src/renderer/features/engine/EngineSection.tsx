import { useState, type ReactNode } from 'react'
import type { Engine, EngineFacts } from '../../../shared/model'
import { act, useCall } from '../../api'
import { useT, type Translate } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatAge, formatBytes, formatNumber } from '../../i18n/format'
import { engineStateWords, engineTone } from '../../objects/engine-words'
import { useNow } from '../../store/now'
import { Button, ErrorState, JsonView, KeyValues, Loading, Section, StatusDot } from '../../ui'
import { AgentCard } from './AgentCard'
import { canStart, canStop } from './engine-menu'
import { EngineLog } from './EngineLog'
import { HostCard } from './HostCard'
import { StopEngine } from './StopEngine'

export function EngineSection({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const now = useNow()
  const [isInfoOpen, setInfoOpen] = useState(false)
  const state = engineStateWords(t, engine)
  const isRunning = engine.state.kind === 'running'
  return (
    <Section title={engine.name} actions={engine.isOurs ? <Lifecycle engine={engine} /> : undefined}>
      <div className="engine-page__state">
        <StatusDot tone={engineTone(engine)} label={state} />
        <span>{state}</span>
        <span className="faint">{formatAge(engine.state.sinceMs, now)}</span>
        {engine.state.kind === 'starting' && (
          <span className="dim">{t('engine.stage', { stage: engine.state.stage })}</span>
        )}
      </div>
      {engine.state.kind === 'lost' && <WhyLost engine={engine} />}
      <KeyValues
        rows={[
          { key: t('engine.facts.address'), value: engine.address },
          { key: t('engine.facts.origin'), value: t(`settings.origin.${engine.origin}`) },
          ...(engine.facts ? factRows(t, engine.facts) : []),
        ]}
      />
      <AgentCard engine={engine} />
      {isRunning && <HostCard engine={engine} />}
      <EngineLog engine={engine} />
      {isRunning && (
        <div>
          <Button size="sm" aria-expanded={isInfoOpen} onClick={() => setInfoOpen(!isInfoOpen)}>
            {t('engine.info')}: {t(isInfoOpen ? 'engine.infoHide' : 'engine.infoShow')}
          </Button>
        </div>
      )}
      {isRunning && isInfoOpen && <Info engine={engine} />}
    </Section>
  )
}

function factRows(t: Translate, facts: EngineFacts): { key: string; value: string }[] {
  const kind = [
    t(facts.isPodman ? 'engine.facts.podman' : 'engine.facts.docker'),
    ...(facts.isRootless ? [t('engine.facts.rootless')] : []),
  ]
  return [
    { key: t('engine.facts.kind'), value: kind.join(', ') },
    { key: t('engine.facts.version'), value: facts.version },
    { key: t('engine.facts.api'), value: facts.apiVersion },
    { key: t('engine.facts.system'), value: `${facts.os} ${facts.arch}` },
    { key: t('engine.facts.cpus'), value: formatNumber(facts.cpus) },
    { key: t('engine.facts.memory'), value: formatBytes(facts.memoryBytes, 'binary') },
    { key: t('engine.facts.rootDir'), value: facts.rootDir },
    { key: t('engine.facts.storage'), value: facts.storageDriver },
    { key: t('engine.facts.cgroup'), value: facts.cgroupVersion },
  ]
}

function WhyLost({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  if (engine.state.kind !== 'lost') return null
  const { error } = engine.state
  const words = errorWords(t, { ...error, facts: { address: engine.address, ...error.facts } })
  return (
    <p>
      {words.title}. <span className="dim">{words.text}</span>{' '}
      <span className="faint">{t('engine.nextTry')}</span>
      {words.detail !== undefined && <span className="faint mono"> {words.detail}</span>}
    </p>
  )
}

/** Start, stop, restart: of the engine that core runs itself. */
function Lifecycle({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [asked, setAsked] = useState<'stop' | 'restart'>()
  const [busy, setBusy] = useState<'start' | 'stop' | 'restart'>()
  const does = (verb: 'start' | 'stop' | 'restart'): void => {
    setBusy(verb)
    void act(`engines.${verb}`, { engine: engine.id }).finally(() => setBusy(undefined))
  }
  return (
    <div className="engine-page__actions">
      <Button size="sm" disabled={!canStart(engine)} busy={busy === 'start'} onClick={() => does('start')}>
        {t('engine.start')}
      </Button>
      <Button
        size="sm"
        disabled={!canStop(engine)}
        busy={busy === 'restart'}
        onClick={() => setAsked('restart')}
      >
        {t('engine.restart')}
      </Button>
      <Button
        size="sm"
        variant="danger"
        disabled={!canStop(engine)}
        busy={busy === 'stop'}
        onClick={() => setAsked('stop')}
      >
        {t('engine.stop')}
      </Button>
      {asked && (
        <StopEngine
          dialog={{ kind: asked, engine }}
          onClose={() => setAsked(undefined)}
          onConfirm={() => does(asked)}
        />
      )}
    </div>
  )
}

function Info({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const info = useCall('engines.info', { engine: engine.id })
  if (info.state === 'loading') return <Loading label={t('common.loading')} />
  if (info.state === 'failed') {
    const words = errorWords(t, info.error)
    return (
      <ErrorState
        title={words.title}
        text={words.text}
        action={<Button onClick={info.reload}>{t('common.retry')}</Button>}
      />
    )
  }
  return (
    <div className="engine-page__info">
      <JsonView value={info.value} label={t('engine.info')} copyLabel={t('engine.copyInfo')} />
    </div>
  )
}
