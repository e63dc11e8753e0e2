import type { ReactNode } from 'react'
import type { DegradedReason, Machine } from '../../../../../shared/model'
import { useT, type Translate } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { formatBytes, formatTime } from '../../../../i18n/format'
import { StatusDot } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'
import { MendButtons } from './MendButtons'
import { mendsOfReason } from './mends'

interface DegradedCardProps {
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

/** It runs, but: each reason with its words and its buttons. */
export function DegradedCard({ machine, onDialog }: DegradedCardProps): ReactNode {
  const t = useT()
  if (machine.state.kind !== 'degraded') return null
  const title = t('machines.page.degraded.title')
  return (
    <section className="machine-card" aria-label={title}>
      <StatusDot tone="warn" label={title} />
      <div className="machine-card__words">
        <h2 className="machine-card__title">{title}</h2>
        <ul className="machine-card__reasons">
          {machine.state.reasons.map((reason, index) => (
            <li key={`${reason.kind} ${index}`}>
              <p>
                <strong>{reasonTitle(t, reason)}.</strong>{' '}
                <span className="dim">{reasonText(t, reason)}</span>
              </p>
              {'error' in reason && <ErrorLine reason={reason} />}
              <MendButtons machine={machine} mends={mendsOfReason(reason)} onDialog={onDialog} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function ErrorLine({ reason }: { readonly reason: Extract<DegradedReason, { error: unknown }> }): ReactNode {
  const t = useT()
  const words = errorWords(t, reason.error)
  return (
    <p className="machine-card__detail">
      {words.title}. {words.text}{' '}
      {words.detail !== undefined && <span className="mono faint">{words.detail}</span>}
    </p>
  )
}

function reasonTitle(t: Translate, reason: DegradedReason): string {
  switch (reason.kind) {
    case 'guest-frozen':
      return t('machines.page.degraded.guest-frozen', { time: formatTime(reason.sinceMs, 'time') })
    case 'disk-full':
      return t('machines.page.degraded.disk-full', { size: formatBytes(reason.freeBytes) })
    case 'out-of-memory':
      return t('machines.page.degraded.out-of-memory', { process: reason.process })
    case 'share-failed':
      return t('machines.page.degraded.share-failed', { path: reason.path })
    case 'port-failed':
      return t('machines.page.degraded.port-failed', { port: String(reason.port) })
    case 'engine-down':
    case 'tunnel-down':
    case 'host-disk-full':
    case 'socket-failed':
      return t(`machines.page.degraded.${reason.kind}`)
  }
}

const reasonText = (t: Translate, reason: DegradedReason): string =>
  t(`machines.page.degraded.${reason.kind}Text`, 'path' in reason ? { path: reason.path } : {})
