import { useState, type ReactNode } from 'react'
import { useT } from '../../../i18n'
import { ConfirmDialog, Switch, TextArea, TextField } from '../../../ui'
import { useMachineForm, useProblem } from './form'

/** Name servers, proxy, and who may reach published ports. */
export function NetworkFields(): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  return (
    <div className="machine-form__column">
      <LanSwitch />
      <TextArea
        mono
        rows={2}
        label={t('machines.settings.dns')}
        hint={t('machines.settings.dnsHint')}
        value={draft.dns}
        error={problem('dns')}
        onChange={(dns) => change({ dns })}
      />
      <div className="machine-form__grid">
        <TextField
          mono
          label={t('machines.settings.httpProxy')}
          value={draft.httpProxy}
          error={problem('httpProxy')}
          onChange={(httpProxy) => change({ httpProxy })}
        />
        <TextField
          mono
          label={t('machines.settings.httpsProxy')}
          value={draft.httpsProxy}
          error={problem('httpsProxy')}
          onChange={(httpsProxy) => change({ httpsProxy })}
        />
      </div>
      <TextField
        mono
        label={t('machines.settings.noProxy')}
        hint={t('machines.settings.noProxyHint')}
        value={draft.noProxy}
        onChange={(noProxy) => change({ noProxy })}
      />
    </div>
  )
}

/** Turning it on opens containers to whole networks: that is said, and agreed to, first. */
function LanSwitch(): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Switch
        label={t('machines.settings.lan')}
        hint={t('machines.settings.lanHint')}
        checked={draft.isPublishedToLan}
        onChange={(isOn) => (isOn ? setAsking(true) : change({ isPublishedToLan: false }))}
      />
      <ConfirmDialog
        danger
        open={isAsking}
        title={t('machines.settings.lanTitle')}
        confirmLabel={t('machines.settings.lanConfirm')}
        onClose={() => setAsking(false)}
        onConfirm={() => change({ isPublishedToLan: true })}
      >
        {t('machines.settings.lanText')}
      </ConfirmDialog>
    </>
  )
}
