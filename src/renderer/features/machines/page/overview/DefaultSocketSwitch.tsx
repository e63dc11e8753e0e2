import { useEffect, useRef, useState, type ReactNode } from 'react'
import { toWire, type WireError } from '../../../../../shared/errors'
import type { Machine } from '../../../../../shared/model'
import { call } from '../../../../api'
import { useT } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { showError } from '../../../../store/toasts'
import { Button, Code, Switch } from '../../../../ui'

/** The link at the place where tools look that know of no context. The folder is root's on most systems. */
export function DefaultSocketSwitch({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<WireError>()
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => void (isShown.current = false)
  }, [])
  const { defaultSocket } = machine
  if (!defaultSocket) return null
  const { path, state } = defaultSocket
  const isOn = state === 'ours'
  const set = (exists: boolean): void => {
    setBusy(true)
    setRefused(undefined)
    call('machines.setDefaultSocket', { machine: machine.id, exists })
      .catch((thrown: unknown) => {
        const error = toWire(thrown)
        if (error.facts['command'] === undefined || !isShown.current) showError(error)
        else setRefused(error)
      })
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Switch
        label={t('machines.page.connect.link', { path })}
        hint={t(`machines.page.connect.linkHint.${state}`, { path })}
        checked={isOn}
        disabled={isBusy || state === 'foreign'}
        onChange={set}
      />
      {refused && <Refused error={refused} isBusy={isBusy} onAgain={() => set(!isOn)} />}
    </>
  )
}

interface RefusedProps {
  readonly error: WireError
  readonly isBusy: boolean
  readonly onAgain: () => void
}

function Refused({ error, isBusy, onAgain }: RefusedProps): ReactNode {
  const t = useT()
  const { command = '' } = errorWords(t, error)
  return (
    <div role="alert" className="machine-link">
      <p>{t('machines.page.connect.linkRefused')}</p>
      <Code text={command} copyLabel={t('common.copyCommand')} />
      <Button size="sm" busy={isBusy} onClick={onAgain}>
        {t('machines.page.connect.linkAgain')}
      </Button>
    </div>
  )
}
