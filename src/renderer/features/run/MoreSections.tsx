import type { ReactNode } from 'react'
import { useT } from '../../i18n'
import { useRows } from '../../store/inventory'
import { Checkbox, Combobox, NumberField, Section, Select, TextField } from '../../ui'
import { useRunForm } from './form'
import { Pairs, SizeField, Words } from './Pieces'
import { useWrong } from './use-words'

export function NetworkSection(): ReactNode {
  const t = useT()
  const { spec, change, engine } = useRunForm()
  const wrong = useWrong()
  const networks = useRows('networks')
  return (
    <Section title={t('run.section.network')}>
      <div className="run-grid">
        <Combobox
          label={t('run.field.network')}
          mono
          value={spec.network}
          suggestions={networks.filter((network) => network.engine === engine).map((network) => network.name)}
          placeholder={t('run.field.networkDefault')}
          error={wrong('network')}
          onChange={(network) => change({ network })}
        />
        <TextField
          label={t('run.field.hostname')}
          mono
          value={spec.hostname}
          error={wrong('hostname')}
          onChange={(hostname) => change({ hostname })}
        />
      </div>
      {wrong('networkAliases') && (
        <div role="alert" className="run-wrong">
          {wrong('networkAliases')}
        </div>
      )}
      <div className="run-grid">
        <Words field="networkAliases" label={t('run.field.aliases')} />
        <Words
          field="extraHosts"
          label={t('run.field.extraHosts')}
          placeholder={t('run.field.extraHostsPlaceholder')}
        />
        <Words field="dns" label={t('run.field.dns')} />
      </div>
    </Section>
  )
}

export function ResourcesSection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  return (
    <Section title={t('run.section.resources')}>
      <div className="run-grid">
        <Select
          label={t('run.field.restart')}
          value={spec.restart.policy}
          error={wrong('restart')}
          options={[
            { value: 'no', label: t('run.field.restartNo') },
            { value: 'always', label: t('run.field.restartAlways') },
            { value: 'unless-stopped', label: t('run.field.restartUnlessStopped') },
            { value: 'on-failure', label: t('run.field.restartOnFailure') },
          ]}
          onChange={(policy) => change({ restart: { policy } })}
        />
        {spec.restart.policy === 'on-failure' && (
          <NumberField
            label={t('run.field.retries')}
            value={spec.restart.maxRetries}
            min={0}
            error={wrong('restart.maxRetries')}
            onChange={(maxRetries) => change({ restart: { policy: 'on-failure', maxRetries } })}
          />
        )}
        <SizeField
          path="memoryBytes"
          label={t('run.field.memory')}
          placeholder={t('run.field.memoryPlaceholder')}
          value={spec.memoryBytes}
          onValue={(memoryBytes) => change({ memoryBytes })}
        />
        <NumberField
          label={t('run.field.cpus')}
          value={spec.cpus}
          min={0}
          step={0.25}
          error={wrong('cpus')}
          onChange={(cpus) => change({ cpus })}
        />
        <SizeField
          path="shmBytes"
          label={t('run.field.shm')}
          placeholder="64m"
          value={spec.shmBytes}
          onValue={(shmBytes) => change({ shmBytes })}
        />
      </div>
      <Checkbox
        label={t('run.field.autoRemove')}
        checked={spec.autoRemove}
        onChange={(autoRemove) => change({ autoRemove })}
      />
    </Section>
  )
}

export function ProcessSection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  const text = (field: 'user' | 'workdir' | 'stopSignal' | 'platform', placeholder?: string): ReactNode => (
    <TextField
      label={t(`run.field.${field}`)}
      mono
      value={spec[field]}
      placeholder={placeholder}
      error={wrong(field)}
      onChange={(value) => change({ [field]: value })}
    />
  )
  const on = (field: 'tty' | 'stdin' | 'init'): ReactNode => (
    <Checkbox
      label={t(`run.field.${field}`)}
      checked={spec[field]}
      onChange={(value) => change({ [field]: value })}
    />
  )
  return (
    <Section title={t('run.section.process')}>
      <div className="run-grid">
        {text('user', t('run.field.userPlaceholder'))}
        {text('workdir')}
        {text('stopSignal', 'SIGTERM')}
        <NumberField
          label={t('run.field.stopTimeout')}
          suffix={t('run.field.seconds')}
          value={spec.stopTimeoutS}
          min={0}
          onChange={(stopTimeoutS) => change({ stopTimeoutS })}
        />
        {text('platform', 'linux/arm64')}
      </div>
      <div className="run-checks">
        {on('tty')}
        {on('stdin')}
        {on('init')}
      </div>
    </Section>
  )
}

export function HealthSection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  const health = spec.health ?? { command: '', disable: false }
  const set = (part: Partial<typeof health>): void => {
    const next = { ...health, ...part }
    const isEmpty =
      next.command === '' &&
      !next.disable &&
      Object.values(next).every((value) => value === '' || value === false || value === undefined)
    change({ health: isEmpty ? undefined : next })
  }
  const time = (field: 'intervalS' | 'timeoutS' | 'startPeriodS', label: string): ReactNode => (
    <NumberField
      label={label}
      suffix={t('run.field.seconds')}
      min={0}
      value={health[field]}
      disabled={health.disable}
      error={wrong(`health.${field}`)}
      onChange={(value) => set({ [field]: value })}
    />
  )
  return (
    <Section title={t('run.section.health')}>
      <TextField
        label={t('run.field.healthCommand')}
        mono
        value={health.command}
        disabled={health.disable}
        error={wrong('health.command')}
        onChange={(command) => set({ command })}
      />
      <div className="run-grid">
        {time('intervalS', t('run.field.healthInterval'))}
        {time('timeoutS', t('run.field.healthTimeout'))}
        {time('startPeriodS', t('run.field.healthStart'))}
        <NumberField
          label={t('run.field.healthRetries')}
          min={0}
          value={health.retries}
          disabled={health.disable}
          onChange={(retries) => set({ retries })}
        />
      </div>
      <Checkbox
        label={t('run.field.healthDisable')}
        checked={health.disable}
        onChange={(disable) => set({ disable })}
      />
    </Section>
  )
}

export function SecuritySection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  return (
    <Section title={t('run.section.security')}>
      <Checkbox
        label={t('run.field.privileged')}
        hint={t('run.field.privilegedHint')}
        checked={spec.privileged}
        onChange={(privileged) => change({ privileged })}
      />
      <Checkbox
        label={t('run.field.readOnly')}
        checked={spec.readOnly}
        onChange={(readOnly) => change({ readOnly })}
      />
      <div className="run-grid">
        <Words field="capAdd" label={t('run.field.capAdd')} placeholder="NET_ADMIN" />
        <Words field="capDrop" label={t('run.field.capDrop')} placeholder="ALL" />
        <Words
          field="devices"
          label={t('run.field.devices')}
          placeholder={t('run.field.devicesPlaceholder')}
        />
        <Words field="securityOpt" label={t('run.field.securityOpt')} placeholder="no-new-privileges" />
      </div>
    </Section>
  )
}

export function LabelsSection(): ReactNode {
  const t = useT()
  return (
    <Section title={t('run.section.labels')}>
      <Pairs
        field="labels"
        title={t('run.section.labels')}
        names={[t('run.field.labelName'), t('run.field.labelValue')]}
      />
    </Section>
  )
}
