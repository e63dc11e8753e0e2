import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { PortHolder, PortSpec } from '../../../shared/model'
import { act, call } from '../../api'
import { useT, type Translate } from '../../i18n'
import { Button, Checkbox, NumberField, Section, Select, TextField } from '../../ui'
import { replaced, useRunForm } from './form'
import { AddButton, Aside, Line } from './Pieces'
import { useWrong } from './use-words'

/** A pause after typing before core is asked: each digit of a port is not a question. */
const pauseMs = 250

export function PortsSection(): ReactNode {
  const t = useT()
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  const set = (index: number, part: Partial<PortSpec> | undefined): void =>
    change(({ ports }) => ({ ports: replaced(ports, index, part) }))
  return (
    <Section title={t('run.section.ports')}>
      {wrong('ports') && (
        <div role="alert" className="run-wrong">
          {wrong('ports')}
        </div>
      )}
      {spec.ports.map((port, index) => (
        <PortLine key={index} index={index} port={port} onChange={(part) => set(index, part)} />
      ))}
      <AddButton
        label={t('run.section.ports')}
        onClick={() => change({ ports: [...spec.ports, { containerPort: 80, protocol: 'tcp' }] })}
      />
      <Checkbox
        label={t('run.field.publishAll')}
        checked={spec.publishAll}
        onChange={(publishAll) => change({ publishAll })}
      />
    </Section>
  )
}

interface PortLineProps {
  readonly index: number
  readonly port: PortSpec
  readonly onChange: (part: Partial<PortSpec> | undefined) => void
}

function PortLine({ index, port, onChange }: PortLineProps): ReactNode {
  const t = useT()
  const wrong = useWrong()
  const holder = usePortHolder(port)
  const suggest = useSuggest(index, port)
  return (
    <>
      <Line onRemove={() => onChange(undefined)}>
        <TextField
          label={t('run.field.hostIp')}
          hideLabel={index > 0}
          mono
          value={port.hostIp ?? ''}
          placeholder={t('run.field.hostIpPlaceholder')}
          error={wrong(`ports.${index}.hostIp`)}
          onChange={(hostIp) => onChange({ hostIp: hostIp === '' ? undefined : hostIp })}
        />
        <NumberField
          label={t('run.field.hostPort')}
          hideLabel={index > 0}
          value={port.hostPort}
          min={1}
          max={65535}
          placeholder={t('run.field.hostPortPlaceholder')}
          error={wrong(`ports.${index}.hostPort`)}
          onChange={(hostPort) => onChange({ hostPort })}
        />
        <NumberField
          label={t('run.field.containerPort')}
          hideLabel={index > 0}
          value={port.containerPort}
          min={1}
          max={65535}
          error={wrong(`ports.${index}.containerPort`)}
          onChange={(containerPort) => onChange({ containerPort: containerPort ?? 0 })}
        />
        <Select
          label={t('run.field.protocol')}
          hideLabel={index > 0}
          value={port.protocol}
          options={(['tcp', 'udp', 'sctp'] as const).map((value) => ({ value, label: value }))}
          onChange={(protocol) => onChange({ protocol })}
        />
        {port.hostPort === undefined && (
          <Aside>
            <Button size="sm" onClick={() => void suggest()}>
              {t('run.portSuggest')}
            </Button>
          </Aside>
        )}
      </Line>
      {holder && <PortConflict holder={holder} onUse={(hostPort) => onChange({ hostPort })} />}
    </>
  )
}

function PortConflict({
  holder,
  onUse,
}: {
  readonly holder: PortHolder
  readonly onUse: (port: number) => void
}): ReactNode {
  const t = useT()
  const { suggestion } = holder
  return (
    <div role="alert" className="run-conflict">
      <span>
        {holder.holder === ''
          ? t('run.portTakenUnknown', { port: holder.port })
          : t('run.portTaken', { port: holder.port, holder: holderWords(t, holder) })}
      </span>
      {suggestion !== undefined && (
        <Button size="sm" onClick={() => onUse(suggestion)}>
          {t('run.portUse', { port: suggestion })}
        </Button>
      )}
    </div>
  )
}

function holderWords(t: Translate, { holder, by }: PortHolder): string {
  if (!by) return holder
  return by.kind === 'container'
    ? t('run.heldBy.container', { name: by.name })
    : t('run.heldBy.process', { name: by.name, pid: by.pid ?? 0 })
}

/** Fills in a free port of the host. */
function useSuggest(index: number, port: PortSpec): () => Promise<void> {
  const { engine, change } = useRunForm()
  return async () => {
    const from = port.containerPort < 1024 ? port.containerPort + 8000 : port.containerPort
    const found = await act('ports.check', { engine, port: from, protocol: port.protocol })
    if (!found) return
    const hostPort = found.isFree ? from : (found.suggestion ?? from)
    change(({ ports }) => ({ ports: replaced(ports, placeOf(port, index, ports), { hostPort }) }))
  }
}

/** Where the line is that a port was asked for: it may have been edited, moved or removed meanwhile. */
function placeOf(asked: PortSpec, index: number, ports: readonly PortSpec[]): number {
  const line = ports[index]
  const isSame = line?.containerPort === asked.containerPort && line.protocol === asked.protocol
  return isSame && line.hostPort === undefined ? index : ports.indexOf(asked)
}

/** Who holds the port that was typed, when it is not free. */
function usePortHolder(port: PortSpec): PortHolder | undefined {
  const { engine } = useRunForm()
  const [holder, setHolder] = useState<PortHolder>()
  const { hostPort, hostIp = '', protocol } = port
  useEffect(() => {
    if (hostPort === undefined || hostPort < 1 || hostPort > 65535) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      call('ports.check', { engine, port: hostPort, hostIp, protocol }, stop.signal).then(
        (found) => setHolder(found.isFree ? undefined : found),
        // Nobody can tell just now: the engine will, when the container starts.
        () => undefined,
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [engine, hostPort, hostIp, protocol])
  // An answer about another port says nothing of this one.
  return holder?.port === hostPort ? holder : undefined
}
