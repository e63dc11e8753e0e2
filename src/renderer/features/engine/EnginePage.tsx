import { useState, type ReactNode } from 'react'
import { act } from '../../api'
import { useT } from '../../i18n'
import { useEngines, useFeedState, useRoads } from '../../store/inventory'
import { Button, LinkButton, Loading, PageHeader, Section, ScrollArea } from '../../ui'
import { EngineSection } from './EngineSection'
import { RoadList } from './RoadList'
import './engine.css'

/** All engines with their facts; with none, a machine of our own (`onboarding`), how one was looked for, and what mends each road. */
export function EnginePage({ onboarding }: { readonly onboarding?: ReactNode }): ReactNode {
  const t = useT()
  const engines = useEngines()
  const roads = useRoads()
  const feed = useFeedState()
  if (feed === 'waiting') return <Loading label={t('engine.searching')} />
  const isNone = engines.length === 0
  return (
    <div className="page">
      <PageHeader
        title={t(isNone ? 'engine.noneTitle' : 'engine.title')}
        actions={
          <>
            <LinkButton href="#/diagnostics">{t('diagnostics.title')}</LinkButton>
            <Retry isMain={isNone && onboarding === undefined} />
          </>
        }
      />
      <ScrollArea className="engine-page">
        {isNone && onboarding}
        {isNone && <p className="dim">{t('engine.noneText')}</p>}
        {engines.map((engine) => (
          <EngineSection key={engine.id} engine={engine} />
        ))}
        {isNone && roads.length === 0 && <Loading label={t('engine.searching')} />}
        {roads.length > 0 && (
          <Section title={t('engine.roads')}>
            {!isNone && <p className="dim">{t('engine.roadsText')}</p>}
            <RoadList roads={roads} />
          </Section>
        )}
      </ScrollArea>
    </div>
  )
}

function Retry({ isMain }: { readonly isMain: boolean }): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  const retry = (): void => {
    setBusy(true)
    void act('engines.retry', {}).finally(() => setBusy(false))
  }
  return (
    <Button variant={isMain ? 'primary' : 'default'} busy={isBusy} onClick={retry}>
      {t('engine.retry')}
    </Button>
  )
}
