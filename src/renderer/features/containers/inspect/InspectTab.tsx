import { useState, type ReactNode } from 'react'
import type { ContainerDetail } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { MaskedJson } from '../../../objects/secrets/MaskedJson'
import { useRevealed } from '../../../objects/secrets/revealed'
import { useUi } from '../../../store/ui'
import { SearchField, Tabs } from '../../../ui'
import { Overview } from './Overview'

type View = 'structured' | 'raw'

export function InspectTab({ detail }: { readonly detail: ContainerDetail }): ReactNode {
  const t = useT()
  const [view, setView] = useUi<View>('containers.inspectView', 'structured')
  const [query, setQuery] = useState('')
  const revealed = useRevealed()
  return (
    <div className="inspect">
      <div className="inspect__bar">
        <Tabs<View>
          label={t('containers.inspect.view')}
          value={view}
          onChange={setView}
          tabs={[
            { id: 'structured', label: t('containers.inspect.structured') },
            { id: 'raw', label: t('containers.inspect.raw') },
          ]}
        />
        {view === 'structured' && (
          <SearchField label={t('containers.inspect.search')} value={query} onChange={setQuery} />
        )}
      </div>
      {view === 'raw' ? (
        <MaskedJson value={detail.raw} label={t('containers.inspect.raw')} revealed={revealed} />
      ) : (
        <Overview detail={detail} query={query} revealed={revealed} />
      )}
    </div>
  )
}
