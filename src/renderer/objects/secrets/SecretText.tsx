import { Eye, EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT } from '../../i18n'
import { IconButton } from '../../ui'
import { LongText } from './LongText'
import type { Revealed } from './revealed'
import { isSecret, maskValue } from './secrets'
import './secrets.css'

interface SecretTextProps {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly revealed: Revealed
}

/** A value, hidden behind dots where it looks like a secret. */
export function SecretText({ id, name, value, revealed }: SecretTextProps): ReactNode {
  const t = useT()
  if (value === '') return <span className="dim">{t('containers.inspect.empty')}</span>
  if (!isSecret(name, value)) return <LongText text={value} />
  const isShown = revealed.ids.has(id)
  return (
    <span className="secret">
      {isShown ? <LongText text={value} /> : <bdi>{maskValue(name, value)}</bdi>}
      <IconButton
        size="sm"
        label={t(isShown ? 'containers.inspect.hide' : 'containers.inspect.reveal', { name })}
        icon={isShown ? <EyeOff /> : <Eye />}
        onClick={() => revealed.toggle(id)}
      />
    </span>
  )
}
