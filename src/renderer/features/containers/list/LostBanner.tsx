import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { useEngines, useRows } from '../../../store/inventory'

/** Rows of an engine that does not answer are what was last known: that must be said. */
export function LostBanner(): ReactNode {
  const t = useT()
  const engines = useEngines()
  const rows = useRows('containers')
  const lost = engines.filter(
    ({ id, state }) => state.kind === 'lost' && rows.some((row) => row.engine === id),
  )
  return lost.map(({ id, name }) => (
    <p key={id} className="containers__banner" role="status">
      {t('containers.empty.lostBanner', { engine: name })}{' '}
      <a href="#/engine">{t('containers.empty.toEngine')}</a>
    </p>
  ))
}
