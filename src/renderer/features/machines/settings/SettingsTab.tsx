import { useEffect, type ReactNode } from 'react'
import { isCode, toWire, type WireError } from '../../../../shared/errors'
import type { Machine } from '../../../../shared/model'
import { call, useCall } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { useMachines, whilePending } from '../../../store/machines'
import { showToast } from '../../../store/toasts'
import { Button, ScrollArea, Section, TextField } from '../../../ui'
import { changesOf, draftOf, settingsOf, type Draft } from './draft'
import { EngineFields } from './EngineFields'
import { MachineFormContext, useMachineForm, useProblem } from './form'
import {
  endSaving,
  failSaving,
  forgetError,
  keepEdits,
  revertEdits,
  startSaving,
  useKept,
} from './kept-edits'
import { LifeFields } from './LifeFields'
import { NetworkFields } from './NetworkFields'
import { problemsOf, type Problems } from './problems'
import { DiskDirField, ResourceFields } from './ResourceFields'
import { ShareFields } from './ShareFields'
import './machine-form.css'

/** All that can be decided about a machine. Nothing counts until it is saved; it works while all is down. */
export function SettingsTab({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const form = useSettingsForm(machine)
  return (
    <MachineFormContext value={form.context}>
      <ScrollArea className="machine-form">
        <Section title={t('machines.settings.name')}>
          <NameField />
        </Section>
        <Section title={t('machines.settings.resources')}>
          <ResourceFields />
          <DiskDirField />
        </Section>
        <Section title={t('machines.settings.folders')}>
          <ShareFields />
        </Section>
        <Section title={t('machines.settings.network')}>
          <NetworkFields />
        </Section>
        <Section title={t('machines.settings.engine')}>
          <EngineFields machine={machine} />
        </Section>
        <Section title={t('machines.settings.life')}>
          <LifeFields />
        </Section>
      </ScrollArea>
      <SaveBar form={form} />
    </MachineFormContext>
  )
}

function NameField(): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const problem = useProblem()
  return (
    <TextField
      hideLabel
      mono
      label={t('machines.settings.name')}
      value={draft.name}
      error={problem('name')}
      onChange={(name) => change({ name })}
    />
  )
}

interface SettingsForm {
  readonly context: React.ContextType<typeof MachineFormContext> & object
  readonly isChanged: boolean
  readonly isBusy: boolean
  readonly error: WireError | undefined
  readonly save: () => Promise<void>
  readonly revert: () => void
}

function useSettingsForm(machine: Machine): SettingsForm {
  const t = useT()
  const { edits, isSaving: isBusy, error } = useKept(machine.id)
  const others = useMachines().filter((one) => one.id !== machine.id)
  useEffect(() => () => forgetError(machine.id), [machine.id])
  const host = useCall('machines.propose', {}).value?.host
  // What is not being edited follows the machine: another window may have changed it.
  const draft: Draft = { ...draftOf(machine.settings), ...edits }
  const changes = changesOf(machine.settings, settingsOf(draft))
  const facts = {
    taken: others.map((one) => one.settings.name),
    host,
    leastDiskGiB: machine.state.kind === 'absent' ? undefined : machine.settings.diskGiB,
  }
  const problems: Problems = problemsOf(draft, facts)
  const save = async (): Promise<void> => {
    startSaving(machine.id)
    try {
      const args = { machine: machine.id, settings: changes as object }
      const { needsRestart } = await whilePending(machine.id, 'edit', () => call('machines.edit', args))
      endSaving(machine.id, edits)
      showToast({
        tone: 'ok',
        title: t(needsRestart ? 'machines.settings.savedRestart' : 'machines.settings.saved'),
      })
    } catch (thrown) {
      failSaving(machine.id, isCode(thrown, 'cancelled') ? undefined : toWire(thrown))
    }
  }
  return {
    context: {
      draft,
      problems,
      host,
      isExisting: true,
      change: (part) => keepEdits(machine.id, part),
    },
    isChanged: Object.keys(changes).length > 0,
    isBusy,
    error,
    save,
    revert: () => revertEdits(machine.id),
  }
}

function SaveBar({ form }: { readonly form: SettingsForm }): ReactNode {
  const t = useT()
  const isWrong = Object.keys(form.context.problems).length > 0
  if (!form.isChanged && !form.isBusy) return null
  const words = form.error && errorWords(t, form.error)
  return (
    <div className="machine-form__bar">
      <span className={words ? 'machine-form__bad' : 'dim'} role={words ? 'alert' : undefined}>
        {words ? [words.title, words.detail ?? words.text].join('. ') : t('machines.settings.unsaved')}
      </span>
      <Button onClick={form.revert}>{t('machines.settings.revert')}</Button>
      <Button variant="primary" disabled={isWrong} busy={form.isBusy} onClick={() => void form.save()}>
        {t('machines.settings.save')}
      </Button>
    </div>
  )
}
