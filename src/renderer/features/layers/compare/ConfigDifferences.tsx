import { Equal } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ConfigDifference } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useRevealed, type Revealed } from '../../../objects/secrets/revealed'
import { SecretText } from '../../../objects/secrets/SecretText'
import { EmptyState } from '../../../ui'
import { ChangeMark } from '../parts/change-mark'

interface ConfigDifferencesProps {
  readonly differences: readonly ConfigDifference[]
  readonly names: { readonly before: string; readonly after: string }
}

/** What a container of the second image would be started with otherwise: environment, command, labels, ports. */
export function ConfigDifferences({ differences, names }: ConfigDifferencesProps): ReactNode {
  const t = useT()
  const revealed = useRevealed()
  if (differences.length === 0)
    return <EmptyState icon={<Equal />} title={t('layers.config.same')} text={t('layers.config.sameText')} />
  return (
    <div className="layers-config">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('layers.config.key')}</th>
            <th scope="col">
              <bdi>{names.before}</bdi>
            </th>
            <th scope="col">
              <bdi>{names.after}</bdi>
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map((one) => (
            <tr key={one.key}>
              <th scope="row">
                <ChangeMark change={changeOf(one)} /> <bdi className="mono">{one.key}</bdi>
              </th>
              <td>
                <Value name={one.key} text={one.before} revealed={revealed} />
              </td>
              <td>
                <Value name={one.key} text={one.after} revealed={revealed} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const changeOf = ({ before, after }: ConfigDifference): 'added' | 'removed' | 'changed' =>
  before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'

interface ValueProps {
  readonly name: string
  readonly text: string | undefined
  readonly revealed: Revealed
}

/** Both sides of a line are shown together: they are compared. */
function Value({ name, text, revealed }: ValueProps): ReactNode {
  const t = useT()
  if (text === undefined) return <span className="layers-faint">{t('layers.config.absent')}</span>
  return (
    <span className="mono">
      <SecretText id={name} name={name.replace(/^(Env|Labels)\./, '')} value={text} revealed={revealed} />
    </span>
  )
}
