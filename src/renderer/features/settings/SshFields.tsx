import type { ReactNode } from 'react'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { Combobox, NumberField, TextField } from '../../ui'
import type { EngineForm, FormErrors } from './engine-form'

interface SshFieldsProps {
  readonly form: EngineForm
  readonly errors: FormErrors
  readonly set: (change: Partial<EngineForm>) => void
}

/** A host as `ssh` takes it: what is left out comes from the person's `~/.ssh/config`. */
export function SshFields({ form, errors, set }: SshFieldsProps): ReactNode {
  const t = useT()
  const known = useCall('remotes.names', {})
  return (
    <>
      <Combobox
        mono
        label={t('settings.add.host')}
        hint={t('settings.add.sshHint')}
        value={form.sshHost}
        suggestions={known.value?.names ?? []}
        error={errors.sshHost && t(errors.sshHost)}
        onChange={(sshHost) => set({ sshHost })}
      />
      <TextField
        mono
        label={t('settings.add.user')}
        value={form.sshUser}
        error={errors.sshUser && t(errors.sshUser)}
        onChange={(sshUser) => set({ sshUser })}
      />
      <NumberField
        label={t('settings.add.port')}
        min={1}
        max={65_535}
        value={form.sshPort}
        placeholder="22"
        error={errors.sshPort && t(errors.sshPort)}
        onChange={(sshPort) => set({ sshPort })}
      />
      <TextField
        mono
        label={t('settings.add.identityFile')}
        hint={t('settings.add.identityHint')}
        value={form.identityFile}
        error={errors.identityFile && t(errors.identityFile)}
        onChange={(identityFile) => set({ identityFile })}
      />
    </>
  )
}
