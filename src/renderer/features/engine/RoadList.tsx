import type { ReactNode } from 'react'
import type { Road } from '../../../shared/model'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Finding } from '../../objects/Finding'
import { Code, type Tone } from '../../ui'

const tones: Readonly<Record<Road['outcome'], Tone>> = {
  taken: 'ok',
  failed: 'bad',
  absent: 'idle',
  'not-tried': 'idle',
}

/** Each road in the order in which it was tried: what became of it, why, and the command that mends it. */
export function RoadList({ roads }: { readonly roads: readonly Road[] }): ReactNode {
  return (
    <ol className="finding-list">
      {roads.map((road, index) => (
        <RoadLine key={`${index} ${road.road}`} road={road} />
      ))}
    </ol>
  )
}

function RoadLine({ road }: { readonly road: Road }): ReactNode {
  const t = useT()
  const outcome = t(`engine.outcome.${road.outcome}`)
  const words =
    road.error && errorWords(t, { ...road.error, facts: { address: road.tried, ...road.error.facts } })
  const command = road.mend ?? words?.command
  return (
    <Finding
      tone={tones[road.outcome]}
      state={outcome}
      title={t(`engine.road.${road.road}`)}
      about={
        <>
          <span className="dim">{outcome}</span>
          <bdi className="faint mono truncate" title={road.tried}>
            {road.tried}
          </bdi>
        </>
      }
      words={words}
      mend={
        command !== undefined && (
          <div className="road-list__mend">
            <span className="dim">{t('engine.mend')}</span>
            <Code text={command} copyLabel={t('engine.copyMend')} />
          </div>
        )
      }
    />
  )
}
