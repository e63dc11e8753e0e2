import type { ReactNode } from 'react'
import type { Road } from '../../../shared/model'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Code, StatusDot, type Tone } from '../../ui'

const tones: Readonly<Record<Road['outcome'], Tone>> = {
  taken: 'ok',
  failed: 'bad',
  absent: 'idle',
  'not-tried': 'idle',
}

/** Each road in the order in which it was tried: what became of it, why, and the command that mends it. */
export function RoadList({ roads }: { readonly roads: readonly Road[] }): ReactNode {
  return (
    <ol className="road-list">
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
    <li className="road-list__road">
      <StatusDot tone={tones[road.outcome]} label={outcome} />
      <div className="road-list__words">
        <div className="road-list__head">
          <strong>{t(`engine.road.${road.road}`)}</strong>
          <span className="dim">{outcome}</span>
          <bdi className="faint mono truncate" title={road.tried}>
            {road.tried}
          </bdi>
        </div>
        {words && (
          <p className="dim">
            {words.title}. {words.text}
          </p>
        )}
        {words?.detail !== undefined && <p className="faint mono road-list__detail">{words.detail}</p>}
        {command !== undefined && (
          <div className="road-list__mend">
            <span className="dim">{t('engine.mend')}</span>
            <Code text={command} copyLabel={t('engine.copyMend')} />
          </div>
        )}
      </div>
    </li>
  )
}
