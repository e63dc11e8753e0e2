import type { ReactNode } from 'react'
import type { Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { isVerbOffered } from '../../../objects/machine-words'
import { doToMachine, useMachinePending } from '../../../store/machines'
import { Button } from '../../../ui'

/** Some settings wait for a start: said on every tab until it happened. */
export function NeedsRestart({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const pending = useMachinePending(machine.id)
  if (!machine.needsRestart || !isVerbOffered('restart', machine)) return null
  return (
    <div className="machines__banner" role="status">
      <span>{t('machines.page.needsRestart')}</span>
      <Button size="sm" busy={pending === 'restart'} onClick={() => void doToMachine(machine.id, 'restart')}>
        {t('machines.page.restartNow')}
      </Button>
    </div>
  )
}
