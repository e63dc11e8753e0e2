import { Eye, EyeOff } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { Json } from '../../../shared/model'
import { useT } from '../../i18n'
import { Button, JsonView } from '../../ui'
import type { Revealed } from './revealed'
import { maskJson } from './secrets'
import './secrets.css'

interface MaskedJsonProps {
  readonly value: Json
  readonly label: string
  readonly revealed: Revealed
}

/** What the engine says of an object, with dots for what looks like a secret until it is asked for. */
export function MaskedJson({ value: raw, label, revealed }: MaskedJsonProps): ReactNode {
  const t = useT()
  const { value, hidden } = useMemo(() => maskJson(raw, revealed.ids), [raw, revealed.ids])
  return (
    <>
      {hidden.length > 0 && (
        <details className="hidden-values">
          <summary>
            {t('containers.inspect.hidden')} <span className="num">({hidden.length})</span>
          </summary>
          <p className="hidden-values__text">
            {t('containers.inspect.hiddenText')} {t('containers.inspect.copyMasked')}
          </p>
          <div className="hidden-values__names">
            {hidden.map(({ id, name }) => {
              const isShown = revealed.ids.has(id)
              return (
                <Button
                  key={id}
                  size="sm"
                  icon={isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
                  aria-pressed={isShown}
                  title={id}
                  onClick={() => revealed.toggle(id)}
                >
                  {t(isShown ? 'containers.inspect.hide' : 'containers.inspect.reveal', {
                    name: name || id.replace(/^\./, ''),
                  })}
                </Button>
              )
            })}
          </div>
        </details>
      )}
      <JsonView value={value} label={label} copyLabel={t('containers.inspect.copyJson')} />
    </>
  )
}
