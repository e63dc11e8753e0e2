import type { ReactNode } from 'react'
import type { MachineBackend } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useCall } from '../../../api'
import { NumberField, Select, Switch } from '../../../ui'
import { useMachineForm, useProblem } from './form'

const onQuits = ['suspend', 'shutdown', 'keep'] as const

/** When it starts and ends by itself. */
export function LifeFields(): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  const offered = useOffered(draft.backend, draft.onQuit)
  return (
    <div className="machine-form__column">
      <Switch
        label={t('machines.settings.startsWithApp')}
        checked={draft.startsWithApp}
        onChange={(startsWithApp) => change({ startsWithApp })}
      />
      <div className="machine-form__grid">
        <Select
          label={t('machines.settings.onQuit')}
          value={draft.onQuit}
          options={offered.map((value) => ({ value, label: t(`machines.settings.onQuits.${value}`) }))}
          onChange={(onQuit) => change({ onQuit })}
        />
        <NumberField
          label={t('machines.settings.idle')}
          hint={t('machines.settings.idleHint')}
          value={draft.idleMinutes}
          min={0}
          step={5}
          suffix={t('machines.settings.minutes')}
          error={problem('idleMinutes')}
          onChange={(idleMinutes) => change({ idleMinutes })}
        />
      </div>
    </div>
  )
}

type OnQuit = (typeof onQuits)[number]

/** QEMU on Windows serves one program only: nobody could take such a machine up again. What is chosen stays to be seen. */
function useOffered(backend: MachineBackend, chosen: OnQuit): readonly OnQuit[] {
  const info = useCall('app.info', {})
  const isAlone = backend === 'qemu' && info.value?.platform === 'win32'
  return onQuits.filter((value) => value !== 'keep' || value === chosen || !isAlone)
}
