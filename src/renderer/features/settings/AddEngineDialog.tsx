import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { Reply } from '../../../shared/contract'
import { toWire, type WireError } from '../../../shared/errors'
import { call } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { Button, Checkbox, Dialog, NumberField, Select, TextField } from '../../ui'
import { SshBanner } from '../../objects/SshBanner'
import { isSshQuestion, SshQuestion } from '../../objects/SshQuestion'
import { SshFields } from './SshFields'
import { addressOf, emptyEngineForm, errorsOf, type EngineForm, type FormErrors } from './engine-form'

type Outcome =
  | { readonly kind: 'testing' | 'adding' }
  | { readonly kind: 'tested'; readonly told: Reply<'engines.test'> }
  /** `again` does nothing once another address stands in the form. */
  | { readonly kind: 'failed'; readonly error: WireError; readonly again: () => void }

export interface Shared {
  readonly form: EngineForm
  readonly errors: FormErrors
  readonly set: (change: Partial<EngineForm>) => void
}

export function AddEngineDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const [form, setForm] = useState(emptyEngineForm)
  const [hasTried, setTried] = useState(false)
  const { outcome, forget, test, add } = useEngineCalls(form, onClose)
  const errors = errorsOf(form)
  const shared: Shared = {
    form,
    errors: hasTried ? errors : {},
    set: (change) => {
      forget()
      setForm({ ...form, ...change })
    },
  }
  const ifValid = (run: () => void) => (): void => {
    setTried(true)
    if (Object.keys(errors).length === 0) run()
  }
  return (
    <Dialog
      open
      title={t('settings.add.title')}
      onClose={onClose}
      footer={
        <>
          <Button busy={outcome?.kind === 'testing'} onClick={ifValid(test)}>
            {t('settings.add.test')}
          </Button>
          <span className="toolbar__space" />
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" busy={outcome?.kind === 'adding'} onClick={ifValid(add)}>
            {t('settings.add.confirm')}
          </Button>
        </>
      }
    >
      <form
        className="dialog__content"
        onSubmit={(event) => {
          event.preventDefault()
          ifValid(add)()
        }}
      >
        <Fields {...shared} />
        {form.kind === 'unix' && <UnixFields {...shared} />}
        {form.kind === 'tcp' && <TcpFields {...shared} />}
        {form.kind === 'ssh' && <SshFields {...shared} />}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
      <OutcomeWords outcome={outcome} />
    </Dialog>
  )
}

/** One question at a time; what an older one answers is not shown, and closing cancels it. */
function useEngineCalls(form: EngineForm, onDone: () => void) {
  const [outcome, setOutcome] = useState<Outcome>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const forget = (): void => {
    running.current?.abort()
    setOutcome(undefined)
  }
  const ask = (
    kind: 'testing' | 'adding',
    run: (signal: AbortSignal) => Promise<Outcome | undefined>,
  ): void => {
    forget()
    const controller = new AbortController()
    running.current = controller
    setOutcome({ kind })
    run(controller.signal).then(
      (next) => !controller.signal.aborted && setOutcome(next),
      (error: unknown) => {
        const again = (): void => void (!controller.signal.aborted && test())
        if (!controller.signal.aborted) setOutcome({ kind: 'failed', error: toWire(error), again })
      },
    )
  }
  const address = addressOf(form)
  const test = (): void =>
    ask('testing', async (signal) => {
      return { kind: 'tested', told: await call('engines.test', { address }, signal) }
    })
  const add = (): void =>
    ask('adding', async (signal) => {
      await call('engines.add', { name: form.name.trim(), address }, signal)
      onDone()
      return undefined
    })
  return { outcome, forget, test, add }
}

function Fields({ form, errors, set }: Shared): ReactNode {
  const t = useT()
  return (
    <>
      <TextField
        label={t('settings.add.name')}
        value={form.name}
        error={errors.name && t(errors.name)}
        onChange={(name) => set({ name })}
      />
      <Select
        label={t('settings.add.kind')}
        value={form.kind}
        options={[
          { value: 'unix', label: t('settings.add.unix') },
          { value: 'tcp', label: t('settings.add.tcp') },
          { value: 'ssh', label: t('settings.add.ssh') },
        ]}
        onChange={(kind) => set({ kind })}
      />
    </>
  )
}

function UnixFields({ form, errors, set }: Shared): ReactNode {
  const t = useT()
  return (
    <TextField
      mono
      label={t('settings.add.path')}
      hint={t('settings.add.pathHint')}
      value={form.path}
      error={errors.path && t(errors.path)}
      onChange={(path) => set({ path })}
    />
  )
}

const files = ['caFile', 'certFile', 'keyFile'] as const

function TcpFields({ form, errors, set }: Shared): ReactNode {
  const t = useT()
  return (
    <>
      <TextField
        mono
        label={t('settings.add.host')}
        value={form.host}
        error={errors.host && t(errors.host)}
        onChange={(host) => set({ host })}
      />
      <NumberField
        label={t('settings.add.port')}
        min={1}
        max={65_535}
        value={form.port}
        error={errors.port && t(errors.port)}
        onChange={(port) => set({ port })}
      />
      <Checkbox
        label={t('settings.add.tls')}
        hint={form.hasTls ? t('settings.add.filesHint') : t('settings.add.plainHint')}
        checked={form.hasTls}
        onChange={(hasTls) => set({ hasTls })}
      />
      {form.hasTls &&
        files.map((file) => {
          const error = errors[file]
          return (
            <TextField
              key={file}
              mono
              label={t(`settings.add.${file}`)}
              value={form[file]}
              error={error && t(error)}
              onChange={(path) => set({ [file]: path })}
            />
          )
        })}
    </>
  )
}

function OutcomeWords({ outcome }: { readonly outcome: Outcome | undefined }): ReactNode {
  const t = useT()
  if (outcome?.kind === 'tested') {
    const { name, version, apiVersion: api, banner } = outcome.told
    return (
      <>
        <p role="status" className="settings-engines__good">
          {t('settings.add.tested', { name, version, api })}
        </p>
        <SshBanner text={banner} />
      </>
    )
  }
  if (outcome?.kind !== 'failed') return null
  if (isSshQuestion(outcome.error)) return <SshQuestion error={outcome.error} onAnswered={outcome.again} />
  const words = errorWords(t, outcome.error)
  return (
    <div role="alert">
      <strong>{words.title}</strong>
      <p className="dim">{words.text}</p>
      {words.detail !== undefined && <p className="faint mono">{words.detail}</p>}
    </div>
  )
}
