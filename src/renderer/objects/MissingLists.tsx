import type { ReactNode } from 'react'
import type { Engine, Kind, MissingList } from '../../shared/model'
import { useT } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { useEngines } from '../store/inventory'
import { ErrorState, Loading } from '../ui'
import './missing-lists.css'

interface Missing {
  readonly engine: Engine
  readonly why: MissingList
}

function useMissing(kind: Kind): readonly Missing[] {
  return useEngines().flatMap((engine) => {
    const why = engine.missing?.[kind]
    return why ? [{ engine, why }] : []
  })
}

/** Above a list: whose rows are not all here, and why. Nothing while all are. */
export function MissingLists({ kind }: { readonly kind: Kind }): ReactNode {
  return useMissing(kind).map((one) => <MissingLine key={one.engine.id} {...one} />)
}

function MissingLine({ engine, why }: Missing): ReactNode {
  const t = useT()
  return (
    <p className="missing-list" role="status">
      <strong>
        <bdi>{t(`objects.missing.${why.kind}`, { engine: engine.name })}</bdi>.
      </strong>{' '}
      {why.kind === 'refused' && <Reason error={why.error} />} {t(`objects.missing.${why.kind}Text`)}
    </p>
  )
}

function Reason({
  error,
}: {
  readonly error: Extract<MissingList, { kind: 'refused' }>['error']
}): ReactNode {
  const t = useT()
  const { title, detail } = errorWords(t, error)
  return <bdi className="missing-list__reason">{detail ?? title}</bdi>
}

/** In place of rows: `none` only where it is known that there are none. */
export function NoRows({ kind, none }: { readonly kind: Kind; readonly none: ReactNode }): ReactNode {
  const t = useT()
  const missing = useMissing(kind)
  const refused = missing.find(({ why }) => why.kind === 'refused')
  const [first] = missing
  if (refused?.why.kind === 'refused')
    return (
      <ErrorState
        title={t('objects.missing.refused', { engine: refused.engine.name })}
        text={errorWords(t, refused.why.error).text}
      />
    )
  return first ? <Loading label={t('objects.missing.awaited', { engine: first.engine.name })} /> : none
}
