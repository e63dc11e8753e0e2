import { useId, type ReactNode } from 'react'
import type { MachineProposal } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { Badge, classNames, Code } from '../../../ui'
import { useMachineForm } from '../settings/form'

type Offer = MachineProposal['backends'][number]

/** The hypervisors of this computer: what works, how fast, and what would make the others work. */
export function BackendChoice({ proposal }: { readonly proposal: MachineProposal }): ReactNode {
  const t = useT()
  return (
    <div className="wizard__backends" role="radiogroup" aria-label={t('machines.settings.backend')}>
      <span className="field__label">{t('machines.settings.backend')}</span>
      {proposal.backends.map((offer) => (
        <BackendLine key={offer.backend} offer={offer} />
      ))}
    </div>
  )
}

function BackendLine({ offer }: { readonly offer: Offer }): ReactNode {
  const t = useT()
  const id = useId()
  const { draft, change } = useMachineForm()
  const isChosen = draft.backend === offer.backend
  const name = t(`machines.backend.${offer.backend}`)
  return (
    <div className={classNames('wizard__backend', isChosen && 'wizard__backend--chosen')}>
      <input
        type="radio"
        id={id}
        name="backend"
        checked={isChosen}
        disabled={!offer.isAvailable}
        onChange={() => change({ backend: offer.backend })}
      />
      <label htmlFor={id}>
        {offer.version === undefined
          ? name
          : t('machines.settings.backendVersion', { name, version: offer.version })}{' '}
        <Speed offer={offer} />
      </label>
      <BackendFacts offer={offer} />
    </div>
  )
}

function Speed({ offer }: { readonly offer: Offer }): ReactNode {
  const t = useT()
  if (!offer.isAvailable) return null
  return offer.isEmulated ? (
    <Badge tone="warn">{t('machines.emulated')}</Badge>
  ) : (
    <Badge tone="ok">{t('machines.settings.accelerated', { accelerator: offer.accelerator ?? '' })}</Badge>
  )
}

function BackendFacts({ offer }: { readonly offer: Offer }): ReactNode {
  const t = useT()
  if (offer.isAvailable)
    return (
      <>
        {offer.isEmulated && <span className="faint">{t('machines.emulatedText')}</span>}
        {offer.canSuspend === false && <span className="faint">{t('machines.cannotSuspend')}</span>}
      </>
    )
  const words = offer.error && errorWords(t, offer.error)
  const mend = offer.mend ?? words?.command
  return (
    <>
      <span className="faint">
        {t('machines.settings.backendNo', { reason: words?.detail ?? words?.title ?? t('common.unknown') })}
      </span>
      {mend !== undefined && (
        <>
          <span className="dim">{t('machines.settings.backendMend')}</span>
          <Code text={mend} copyLabel={t('common.copyCommand')} />
        </>
      )}
    </>
  )
}
