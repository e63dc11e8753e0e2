import { Eye, EyeOff } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { ContainerDetail } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useUi } from '../../../store/ui'
import { Button, JsonView, SearchField, Tabs } from '../../../ui'
import { Overview } from './Overview'
import { maskJson } from './secrets'
import type { Revealed } from './SecretText'

type View = 'structured' | 'raw'

export function InspectTab({ detail }: { readonly detail: ContainerDetail }): ReactNode {
  const t = useT()
  const [view, setView] = useUi<View>('containers.inspectView', 'structured')
  const [query, setQuery] = useState('')
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const revealed: Revealed = {
    ids,
    toggle: (id) => {
      const next = new Set(ids)
      if (!next.delete(id)) next.add(id)
      setIds(next)
    },
  }
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
        <RawJson detail={detail} revealed={revealed} />
      ) : (
        <Overview detail={detail} query={query} revealed={revealed} />
      )}
    </div>
  )
}

interface RawProps {
  readonly detail: ContainerDetail
  readonly revealed: Revealed
}

function RawJson({ detail, revealed }: RawProps): ReactNode {
  const t = useT()
  const { value, hidden } = useMemo(() => maskJson(detail.raw, revealed.ids), [detail.raw, revealed.ids])
  return (
    <>
      {hidden.length > 0 && (
        <details className="inspect__hidden">
          <summary>
            {t('containers.inspect.hidden')} <span className="num">({hidden.length})</span>
          </summary>
          <p className="containers__hint">
            {t('containers.inspect.hiddenText')} {t('containers.inspect.copyMasked')}
          </p>
          <div className="inspect__reveal">
            {hidden.map(({ id, name }) => {
              const isShown = revealed.ids.has(id)
              const label = name || id.replace(/^\./, '')
              return (
                <Button
                  key={id}
                  size="sm"
                  icon={isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
                  aria-pressed={isShown}
                  title={id}
                  onClick={() => revealed.toggle(id)}
                >
                  {t(isShown ? 'containers.inspect.hide' : 'containers.inspect.reveal', { name: label })}
                </Button>
              )
            })}
          </div>
        </details>
      )}
      <JsonView
        value={value}
        label={t('containers.inspect.raw')}
        copyLabel={t('containers.inspect.copyJson')}
      />
    </>
  )
}
