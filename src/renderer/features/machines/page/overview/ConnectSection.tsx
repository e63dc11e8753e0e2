import { useState, type ReactNode } from 'react'
import type { Machine } from '../../../../../shared/model'
import { act } from '../../../../api'
import { useT } from '../../../../i18n'
import { isMachineUp } from '../../../../objects/machine-words'
import { Code, Section, Switch } from '../../../../ui'
import { DefaultSocketSwitch } from './DefaultSocketSwitch'
import { exportLine } from './export-line'

/** How docker and other tools reach this machine's engine. */
export function ConnectSection({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  return (
    <Section title={t('machines.page.connect.title')}>
      <p className="dim">{t('machines.page.connect.text')}</p>
      <Code text={exportLine(machine)} copyLabel={t('machines.page.connect.copyLine')} />
      {!isMachineUp(machine) && <p className="faint">{t('machines.page.connect.noSocket')}</p>}
      <ContextSwitches machine={machine} />
      <DefaultSocketSwitch machine={machine} />
    </Section>
  )
}

function ContextSwitches({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  const exists = machine.contextState === 'there' || machine.contextState === 'current'
  const set = (context: { exists: boolean; isCurrent: boolean }): void => {
    setBusy(true)
    void act('machines.setDockerContext', { machine: machine.id, ...context }).finally(() => setBusy(false))
  }
  return (
    <>
      <Switch
        label={t('machines.page.connect.context', { name: machine.dockerContext })}
        hint={t('machines.page.connect.contextHint')}
        checked={exists}
        disabled={isBusy}
        onChange={(isOn) => set({ exists: isOn, isCurrent: false })}
      />
      {exists && (
        <Switch
          label={t('machines.page.connect.current')}
          hint={t('machines.page.connect.currentHint')}
          checked={machine.contextState === 'current'}
          disabled={isBusy}
          onChange={(isCurrent) => set({ exists: true, isCurrent })}
        />
      )}
    </>
  )
}
