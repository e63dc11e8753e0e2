import type { ReactNode } from 'react'
import { useState } from 'react'
import type { EngineId } from '../../../shared/model'
import { isAddress } from '../../../shared/run'
import { useT } from '../../i18n'
import { useEngineChoice, useListEngine } from '../../objects/EngineChoice'
import { PairsField, recordOf, type Pair } from '../../objects/PairsField'
import { refusalOf } from '../../objects/refusal'
import { call } from '../../api'
import { useRows } from '../../store/inventory'
import { Checkbox, ConfirmDialog, Select, TextField } from '../../ui'

const empty = {
  name: '',
  driver: 'bridge',
  subnet: '',
  gateway: '',
  ipRange: '',
  internal: false,
  attachable: false,
  ipv6: false,
  options: [] as readonly Pair[],
  labels: [] as readonly Pair[],
}
type Draft = typeof empty

export function CreateNetworkDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('networks'))
  const [draft, setDraft] = useState<Draft>(empty)
  const wrong = useWrong(draft, engine?.id)
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const isWrong = Object.values(wrong).some((text) => text !== undefined)
  return (
    <ConfirmDialog
      title={t('networks.createDialog.title')}
      open
      onClose={onClose}
      confirmLabel={t('objects.create')}
      disabled={!engine || draft.name === '' || isWrong}
      onConfirm={async (signal) =>
        engine && refusalOf(call('networks.create', argsOf(engine.id, draft), signal), signal)
      }
    >
      <div className="object-form">
        {choice}
        <TextField
          label={t('networks.createDialog.name')}
          mono
          autoFocus
          value={draft.name}
          error={wrong.name}
          onChange={(name) => set({ name })}
        />
        <Select
          label={t('networks.createDialog.driver')}
          value={draft.driver}
          options={['bridge', 'macvlan', 'ipvlan', 'overlay'].map((value) => ({ value, label: value }))}
          onChange={(driver) => set({ driver })}
        />
        <AddressFields draft={draft} wrong={wrong} onChange={set} />
        <MoreFields draft={draft} onChange={set} />
      </div>
    </ConfirmDialog>
  )
}

function MoreFields({
  draft,
  onChange: set,
}: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
}): ReactNode {
  const t = useT()
  return (
    <>
      <Checkbox
        label={t('networks.createDialog.internal')}
        checked={draft.internal}
        onChange={(internal) => set({ internal })}
      />
      <Checkbox
        label={t('networks.createDialog.ipv6')}
        checked={draft.ipv6}
        onChange={(ipv6) => set({ ipv6 })}
      />
      <Checkbox
        label={t('networks.createDialog.attachable')}
        checked={draft.attachable}
        onChange={(attachable) => set({ attachable })}
      />
      <PairsField
        label={t('networks.createDialog.options')}
        pairs={draft.options}
        onChange={(options) => set({ options })}
      />
      <PairsField
        label={t('networks.createDialog.labels')}
        pairs={draft.labels}
        onChange={(labels) => set({ labels })}
      />
    </>
  )
}

type Wrong = Readonly<Record<'name' | 'subnet' | 'gateway' | 'ipRange', string | undefined>>

function AddressFields({
  draft,
  wrong,
  onChange,
}: {
  readonly draft: Draft
  readonly wrong: Wrong
  readonly onChange: (part: Partial<Draft>) => void
}): ReactNode {
  const t = useT()
  return (
    <>
      <TextField
        label={t('networks.createDialog.subnet')}
        mono
        value={draft.subnet}
        error={wrong.subnet}
        hint={t('networks.createDialog.subnetHint')}
        onChange={(subnet) => onChange({ subnet: subnet.trim() })}
      />
      {draft.subnet !== '' && (
        <>
          <TextField
            label={t('networks.createDialog.gateway')}
            mono
            value={draft.gateway}
            error={wrong.gateway}
            onChange={(gateway) => onChange({ gateway: gateway.trim() })}
          />
          <TextField
            label={t('networks.createDialog.ipRange')}
            mono
            value={draft.ipRange}
            error={wrong.ipRange}
            onChange={(ipRange) => onChange({ ipRange: ipRange.trim() })}
          />
        </>
      )}
    </>
  )
}

function useWrong(draft: Draft, engine: EngineId | undefined): Wrong {
  const t = useT()
  const isTaken = useRows('networks').some(
    (network) => network.engine === engine && network.name === draft.name,
  )
  const words = t('networks.createDialog.badName')
  return {
    name: isTaken ? t('networks.createDialog.taken') : /[/\s]/.test(draft.name) ? words : undefined,
    subnet: draft.subnet === '' || isSubnet(draft.subnet) ? undefined : t('networks.createDialog.badSubnet'),
    gateway:
      draft.gateway === '' || isAddress(draft.gateway) ? undefined : t('networks.createDialog.badAddress'),
    ipRange:
      draft.ipRange === '' || isSubnet(draft.ipRange) ? undefined : t('networks.createDialog.badSubnet'),
  }
}

/** `address/bits`, of either family. */
export function isSubnet(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  return (
    rest.length === 0 &&
    isAddress(address) &&
    /^\d{1,3}$/.test(bits) &&
    Number(bits) <= (address.includes(':') ? 128 : 32)
  )
}

const argsOf = (engine: EngineId, draft: Draft) => ({
  engine,
  name: draft.name,
  driver: draft.driver,
  internal: draft.internal,
  attachable: draft.attachable,
  ipv6: draft.ipv6,
  subnets:
    draft.subnet === '' ? [] : [{ subnet: draft.subnet, gateway: draft.gateway, ipRange: draft.ipRange }],
  options: recordOf(draft.options),
  labels: recordOf(draft.labels),
})
