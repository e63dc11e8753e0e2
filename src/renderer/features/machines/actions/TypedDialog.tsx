import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { DeletePlan, Machine } from '../../../../shared/model'
import { call, useCall } from '../../../api'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { FailedPlan } from '../../../objects/FailedPlan'
import { refusalOf } from '../../../objects/refusal'
import { whilePending } from '../../../store/machines'
import { showToast } from '../../../store/toasts'
import { ConfirmDialog, Loading, TextField } from '../../../ui'

interface TypedDialogProps {
  readonly machine: Machine
  readonly what: 'remove' | 'reset'
  readonly onClose: () => void
}

const words = {
  remove: {
    ask: 'machines.page.reset.askRemove',
    confirm: 'machines.page.reset.confirmRemove',
    done: 'machines.page.reset.removed',
  },
  reset: {
    ask: 'machines.page.reset.askReset',
    confirm: 'machines.page.reset.confirmReset',
    done: 'machines.page.reset.done',
  },
} as const

/** Says what goes and how big it is, and goes on only when the machine's name was typed. */
export function TypedDialog({ machine, what, onClose }: TypedDialogProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  const plan = useCall('machines.deletePlan', { machine: machine.id })
  const { name } = machine.settings
  const isSure = typed === name && plan.state === 'ready'
  const end = async (signal: AbortSignal): Promise<void> => {
    const args = { machine: machine.id, typedName: typed }
    await whilePending(machine.id, what, () => call(`machines.${what}`, args))
    showToast({ tone: 'ok', title: t(words[what].done, { name }) })
    if (what === 'remove' && !signal.aborted) navigate('/machines')
  }
  return (
    <ConfirmDialog
      open
      danger
      isFinal
      width={520}
      title={t(words[what].ask, { name })}
      confirmLabel={t(words[what].confirm)}
      disabled={!isSure}
      onConfirm={(signal) => refusalOf(end(signal), signal)}
      onClose={onClose}
    >
      <Plan plan={plan} what={what} />
      <p className="dim">{t('machines.page.reset.kept')}</p>
      {isRunning(machine) && <p>{t('machines.page.reset.stops')}</p>}
      <TextField
        autoFocus
        mono
        label={t('machines.page.reset.type', { name })}
        value={typed}
        onChange={setTyped}
      />
    </ConfirmDialog>
  )
}

const isRunning = ({ state }: Machine): boolean =>
  state.kind !== 'absent' && state.kind !== 'stopped' && state.kind !== 'failed'

interface PlanProps {
  readonly plan: ReturnType<typeof useCall<'machines.deletePlan'>>
  readonly what: 'remove' | 'reset'
}

function Plan({ plan, what }: PlanProps): ReactNode {
  const t = useT()
  if (plan.state === 'loading') return <Loading label={t('machines.page.reset.reading')} />
  if (plan.state === 'failed') return <FailedPlan error={plan.error} onRetry={plan.reload} />
  const items = plan.value.items.filter((item) => what === 'remove' || item.what !== 'settings')
  const total = items.reduce((sum, item) => sum + item.bytes, 0)
  return (
    <>
      <p>{t('machines.page.reset.goes')}</p>
      <ul className="going">
        {items.map((item) => (
          <li key={item.path}>
            <span>{t(`machines.page.reset.what.${item.what}`)}</span>
            <bdi className="mono faint truncate" title={item.path}>
              {item.path}
            </bdi>
            <span className="num">{formatBytes(item.bytes)}</span>
          </li>
        ))}
        <li className="going__total">
          <span>{t('machines.page.reset.total')}</span>
          <span className="num">{formatBytes(total)}</span>
        </li>
      </ul>
      <Holds plan={plan.value} />
    </>
  )
}

function Holds({ plan }: { readonly plan: DeletePlan }): ReactNode {
  const t = useT()
  const { containers, images, volumes } = plan
  if (containers === undefined || images === undefined || volumes === undefined) return null
  return (
    <p>
      {t('machines.page.reset.holds', {
        containers: t('machines.page.reset.containers', { count: containers }),
        images: t('machines.page.reset.images', { count: images }),
        volumes: t('machines.page.reset.volumes', { count: volumes }),
      })}
    </p>
  )
}
