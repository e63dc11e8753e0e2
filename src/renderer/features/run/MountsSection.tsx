import type { ReactNode } from 'react'
import type { MountSpec } from '../../../shared/model'
import { useT } from '../../i18n'
import { useRows } from '../../store/inventory'
import { Checkbox, Combobox, Section, Select, TextField } from '../../ui'
import { replaced, useRunForm } from './form'
import { AddButton, Aside, Line, SizeField } from './Pieces'
import { useWrong } from './use-words'

export function MountsSection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  const set = (index: number, part: Partial<MountSpec> | undefined): void =>
    change({ mounts: replaced(spec.mounts, index, part) })
  return (
    <Section title={t('run.section.mounts')}>
      {spec.mounts.map((mount, index) => (
        <MountLine key={index} index={index} mount={mount} onChange={(part) => set(index, part)} />
      ))}
      <AddButton
        label={t('run.section.mounts')}
        onClick={() =>
          change({ mounts: [...spec.mounts, { type: 'volume', source: '', target: '', readOnly: false }] })
        }
      />
    </Section>
  )
}

interface MountLineProps {
  readonly index: number
  readonly mount: MountSpec
  readonly onChange: (part: Partial<MountSpec> | undefined) => void
}

function MountLine({ index, mount, onChange }: MountLineProps): ReactNode {
  const t = useT()
  const wrong = useWrong()
  return (
    <Line onRemove={() => onChange(undefined)}>
      <Select
        label={t('run.field.mountType')}
        hideLabel={index > 0}
        value={mount.type}
        options={[
          { value: 'volume', label: t('run.field.volume') },
          { value: 'bind', label: t('run.field.bind') },
          { value: 'tmpfs', label: t('run.field.tmpfs') },
        ]}
        onChange={(type) => onChange({ type, ...(type === 'tmpfs' && { source: '' }) })}
      />
      <MountSource index={index} mount={mount} onChange={onChange} />
      <TextField
        label={t('run.field.target')}
        hideLabel={index > 0}
        mono
        value={mount.target}
        error={wrong(`mounts.${index}.target`)}
        onChange={(target) => onChange({ target })}
      />
      <Aside>
        <Checkbox
          label={t('run.field.readOnlyMount')}
          checked={mount.readOnly}
          onChange={(readOnly) => onChange({ readOnly })}
        />
      </Aside>
    </Line>
  )
}

function MountSource({ index, mount, onChange }: MountLineProps): ReactNode {
  const t = useT()
  const wrong = useWrong()
  const { engine } = useRunForm()
  const volumes = useRows('volumes')
  const path = `mounts.${index}.source`
  if (mount.type === 'tmpfs') {
    return (
      <SizeField
        path={`mounts.${index}.tmpfsBytes`}
        label={t('run.field.tmpfsSize')}
        hideLabel={index > 0}
        placeholder="64m"
        value={mount.tmpfsBytes}
        onValue={(tmpfsBytes) => onChange({ tmpfsBytes })}
      />
    )
  }
  if (mount.type === 'bind') {
    return (
      <TextField
        label={t('run.field.source')}
        hideLabel={index > 0}
        mono
        value={mount.source}
        placeholder={t('run.field.sourceBind')}
        error={wrong(path)}
        onChange={(source) => onChange({ source })}
      />
    )
  }
  return (
    <Combobox
      label={t('run.field.source')}
      hideLabel={index > 0}
      mono
      value={mount.source}
      suggestions={volumes
        .filter((volume) => volume.engine === engine && !volume.isAnonymous)
        .map((volume) => volume.id)}
      placeholder={t('run.field.sourceVolume')}
      error={wrong(path)}
      onChange={(source) => onChange({ source })}
    />
  )
}
