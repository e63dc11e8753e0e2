import { useState, type ReactNode } from 'react'
import { toWire, type WireError } from '../../../../shared/errors'
import type { Machine } from '../../../../shared/model'
import { call } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { isMachineUp } from '../../../objects/machine-words'
import { Button, TextArea } from '../../../ui'
import { useMachineForm, useProblem } from './form'

/** CA certificates and the engine's own settings. `machine`: where they can be tried; absent in the wizard. */
export function EngineFields({ machine }: { readonly machine: Machine | undefined }): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  return (
    <div className="machine-form__column">
      <TextArea
        mono
        rows={2}
        label={t('machines.settings.caFiles')}
        hint={t('machines.settings.caHint')}
        value={draft.caFiles}
        error={problem('caFiles')}
        onChange={(caFiles) => change({ caFiles })}
      />
      <TextArea
        mono
        rows={8}
        label={t('machines.settings.daemon')}
        hint={t('machines.settings.daemonHint')}
        value={draft.daemonJson}
        error={problem('daemonJson')}
        onChange={(daemonJson) => change({ daemonJson })}
      />
      {machine && <DaemonCheck machine={machine} key={draft.daemonJson} />}
    </div>
  )
}

type Verdict =
  | { readonly kind: 'asking' | 'offline' }
  | { readonly kind: 'told'; readonly problems: readonly string[] }
  | { readonly kind: 'failed'; readonly error: WireError }

/** Asks the machine's engine; while it is down only the form of the text is known to be right. */
function DaemonCheck({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const { draft, problems } = useMachineForm()
  const [verdict, setVerdict] = useState<Verdict>()
  const check = (): void => {
    if (!isMachineUp(machine)) return setVerdict({ kind: 'offline' })
    setVerdict({ kind: 'asking' })
    call('machines.checkDaemonJson', { machine: machine.id, daemonJson: draft.daemonJson }).then(
      (answer) => setVerdict({ kind: 'told', problems: answer.problems }),
      (error: unknown) => setVerdict({ kind: 'failed', error: toWire(error) }),
    )
  }
  return (
    <div className="machine-form__check">
      <Button
        size="sm"
        busy={verdict?.kind === 'asking'}
        disabled={problems['daemonJson'] !== undefined}
        onClick={check}
      >
        {t('machines.settings.daemonCheck')}
      </Button>
      <div role="status">{verdict && <VerdictWords verdict={verdict} />}</div>
    </div>
  )
}

function VerdictWords({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const t = useT()
  switch (verdict.kind) {
    case 'asking':
      return null
    case 'offline':
      return <span className="dim">{t('machines.settings.daemonOffline')}</span>
    case 'failed':
      return <span className="machine-form__bad">{errorWords(t, verdict.error).title}</span>
    case 'told':
      if (verdict.problems.length === 0)
        return <span className="machine-form__good">{t('machines.settings.daemonGood')}</span>
      return (
        <>
          <span className="machine-form__bad">{t('machines.settings.daemonBad')}</span>
          <ul className="mono">
            {verdict.problems.map((problem, index) => (
              <li key={index}>{problem}</li>
            ))}
          </ul>
        </>
      )
  }
}
