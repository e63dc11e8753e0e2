import { useState, type ReactNode } from 'react'
import type { Engine } from '../../shared/model'
import { act } from '../api'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { isSshQuestion, SshQuestion } from '../objects/SshQuestion'
import { useEngines } from '../store/inventory'
import { Button, CopyButton } from '../ui'
import './engine-banner.css'

/** One line for each engine that went away: what happened, what to do, and a button that does it. */
export function EngineBanner(): ReactNode {
  const lost = useEngines().filter((engine) => engine.state.kind === 'lost')
  return lost.map((engine) => <Lost key={engine.id} engine={engine} />)
}

function Lost({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  if (engine.state.kind !== 'lost') return null
  const { error } = engine.state
  const words = errorWords(t, { code: error.code, facts: { address: engine.address, ...error.facts } })
  const retry = (): void => {
    setBusy(true)
    void act('engines.retry', {}).finally(() => setBusy(false))
  }
  return (
    <div className="engine-banner" role="alert">
      <div className="engine-banner__words">
        <strong>
          <bdi>{t('shell.banner.lost', { name: engine.name })}</bdi>
        </strong>{' '}
        <span>{words.title}.</span> <span className="dim">{words.text}</span>{' '}
        <span className="dim">{t('shell.banner.stale')}</span>
        {isSshQuestion(error) && <SshQuestion error={error} />}
        {words.command !== undefined && (
          <span className="engine-banner__command">
            <code>{words.command}</code>
            <CopyButton text={words.command} label={t('common.copyCommand')} />
          </span>
        )}
      </div>
      <Button size="sm" busy={isBusy} onClick={retry}>
        {t('shell.banner.retry')}
      </Button>
    </div>
  )
}
