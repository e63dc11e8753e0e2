import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { NumberField, TextField } from '../../../ui'
import { useMachineForm, useProblem } from './form'

/** A hint, and that the field counts only from the next start when the machine is there already. */
function useHints(): (hint: string | undefined) => string | undefined {
  const t = useT()
  const { isExisting } = useMachineForm()
  return (hint) =>
    isExisting ? [hint, `${t('machines.settings.afterRestart')}.`].filter(Boolean).join(' ') : hint
}

/** CPU, memory, swap and the disk's size. */
export function ResourceFields(): ReactNode {
  const t = useT()
  const { draft, change, host } = useMachineForm()
  const problem = useProblem()
  const hint = useHints()
  const free = host && formatBytes(host.diskFreeBytes, 'binary')
  return (
    <div className="machine-form__grid">
      <NumberField
        label={t('machines.settings.cpus')}
        value={draft.cpus}
        min={1}
        max={host?.cpus}
        hint={hint(host && `${t('machines.settings.cpusHint', { count: host.cpus })}.`)}
        error={problem('cpus')}
        onChange={(cpus) => change({ cpus })}
      />
      <NumberField
        label={t('machines.settings.memory')}
        value={draft.memoryMiB}
        min={512}
        step={512}
        suffix="MiB"
        hint={hint(
          host && t('machines.settings.memoryHint', { size: formatBytes(host.memoryBytes, 'binary') }),
        )}
        error={problem('memoryMiB')}
        onChange={(memoryMiB) => change({ memoryMiB })}
      />
      <NumberField
        label={t('machines.settings.disk')}
        value={draft.diskGiB}
        min={2}
        step={10}
        suffix="GiB"
        hint={free && t('machines.settings.diskHint', { size: free })}
        error={problem('diskGiB')}
        onChange={(diskGiB) => change({ diskGiB })}
      />
      <NumberField
        label={t('machines.settings.swap')}
        value={draft.swapMiB}
        min={0}
        step={512}
        suffix="MiB"
        hint={t('machines.settings.swapHint')}
        error={problem('swapMiB')}
        onChange={(swapMiB) => change({ swapMiB })}
      />
    </div>
  )
}

export function DiskDirField(): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  const hint = useHints()
  return (
    <TextField
      mono
      label={t('machines.settings.diskDir')}
      hint={hint(t('machines.settings.diskDirHint'))}
      value={draft.diskDir}
      error={problem('diskDir')}
      onChange={(diskDir) => change({ diskDir })}
    />
  )
}
