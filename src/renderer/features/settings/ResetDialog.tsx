import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { resetWord, type ResetPlan } from '../../../shared/model'
import { call, useCall } from '../../api'
import { useT } from '../../i18n'
import { FailedPlan } from '../../objects/FailedPlan'
import { refusalOf } from '../../objects/refusal'
import { showToast } from '../../store/toasts'
import { ConfirmDialog, Loading, TextField } from '../../ui'
import { ResetPlanList } from './ResetPlanList'

/** A toast with more paths than this is no longer small; the dialog had named them all. */
const namedAtMost = 4

/** Says what goes and what stays, and goes on only when the word was typed. */
export function ResetDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  const plan = useCall('reset.plan', {})
  const run = async (signal: AbortSignal): Promise<void> => {
    const { stays } = await call('reset.run', { typedWord: resetWord })
    const named = stays.slice(0, namedAtMost).map(({ path }) => path)
    const paths = [...named, ...(stays.length > named.length ? ['…'] : [])].join(', ')
    const text = t('settings.reset.doneStays', { count: stays.length, paths })
    showToast({ tone: 'ok', title: t('settings.reset.done'), ...(stays.length > 0 && { text }) })
    if (!signal.aborted) navigate('/')
  }
  return (
    <ConfirmDialog
      open
      danger
      isFinal
      width={620}
      title={t('settings.reset.ask')}
      confirmLabel={t('settings.reset.confirm')}
      disabled={typed !== resetWord || plan.state !== 'ready'}
      onConfirm={(signal) => refusalOf(run(signal), signal)}
      onClose={onClose}
    >
      <Plan plan={plan} />
      <p>{t('settings.reset.stops')}</p>
      <TextField
        autoFocus
        mono
        label={t('settings.reset.type', { word: resetWord })}
        value={typed}
        onChange={setTyped}
      />
    </ConfirmDialog>
  )
}

function Plan({ plan }: { readonly plan: ReturnType<typeof useCall<'reset.plan'>> }): ReactNode {
  const t = useT()
  if (plan.state === 'loading') return <Loading label={t('settings.reset.reading')} />
  if (plan.state === 'failed') return <FailedPlan error={plan.error} onRetry={plan.reload} />
  return (
    <>
      <ResetPlanList plan={plan.value} />
      <Stays stays={plan.value.stays} />
    </>
  )
}

function Stays({ stays }: Pick<ResetPlan, 'stays'>): ReactNode {
  const t = useT()
  return (
    <>
      <p>{t('settings.reset.stays')}</p>
      <ul className="settings-reset__list settings-reset__list--stays">
        <li>{t('settings.reset.staysEngines')}</li>
        <li>{t('settings.reset.staysShares')}</li>
        <li>{t('settings.reset.staysDocker')}</li>
        <li>{t('settings.reset.staysForeign')}</li>
        {stays.map(({ path, why }) => (
          <li key={path}>
            <span>{t(`settings.reset.why.${why}`)}</span>
            <bdi className="mono faint truncate" title={path}>
              {path}
            </bdi>
          </li>
        ))}
      </ul>
    </>
  )
}
