import { EthernetPort } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HostPort, Machine } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { useRows } from '../../../../store/inventory'
import { Badge, EmptyState, ScrollArea, StatusDot } from '../../../../ui'
import { hostPortText, isOnLan, urlOf } from './host-port'

/** The published ports of its containers, as they stand on this computer. */
export function PortsTab({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  if (machine.ports.length === 0)
    return (
      <EmptyState
        icon={<EthernetPort aria-hidden="true" />}
        title={t('machines.page.ports.empty')}
        text={t('machines.page.ports.emptyText')}
      />
    )
  return (
    <ScrollArea className="machine-page">
      <table className="machine-table">
        <thead>
          <tr>
            <th>{t('machines.page.ports.address')}</th>
            <th>{t('machines.page.ports.container')}</th>
            <th>{t('machines.page.ports.road')}</th>
            <th>{t('machines.page.ports.state')}</th>
          </tr>
        </thead>
        <tbody>
          {machine.ports.map((port) => (
            <PortLine key={hostPortText(port)} port={port} machine={machine} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function PortLine({ port, machine }: { readonly port: HostPort; readonly machine: Machine }): ReactNode {
  const t = useT()
  return (
    <tr>
      <td>
        <Address port={port} />
      </td>
      <td>
        <ContainerLink port={port} machine={machine} />
      </td>
      <td>{t(`machines.page.ports.roads.${port.road}`)}</td>
      <td>
        <PortState port={port} />
      </td>
    </tr>
  )
}

function Address({ port }: { readonly port: HostPort }): ReactNode {
  const t = useT()
  const url = urlOf(port)
  return (
    <span className="machine-table__cell num">
      {url === undefined ? (
        hostPortText(port)
      ) : (
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          title={t('machines.page.ports.browse', { url })}
        >
          {hostPortText(port)}
        </a>
      )}
      {isOnLan(port) && <Badge tone="warn">{t('machines.page.ports.lan')}</Badge>}
    </span>
  )
}

function ContainerLink({ port, machine }: { readonly port: HostPort; readonly machine: Machine }): ReactNode {
  const row = useRows('containers').find(
    (one) => one.engine === machine.engine && (one.id === port.container || one.name === port.container),
  )
  if (!row) return <bdi className="mono">{port.container.slice(0, 12)}</bdi>
  return (
    <a href={`#/containers/${encodeURIComponent(row.engine)}/${encodeURIComponent(row.id)}`}>
      <bdi>{row.name}</bdi>
    </a>
  )
}

function PortState({ port }: { readonly port: HostPort }): ReactNode {
  const t = useT()
  const words = port.error && errorWords(t, port.error)
  const label = t(words ? 'machines.page.ports.failed' : 'machines.page.ports.open')
  return (
    <span className="machine-table__cell">
      <StatusDot tone={words ? 'bad' : 'ok'} label={label} />
      <span>{words ? `${words.title}. ${words.text}` : label}</span>
    </span>
  )
}
