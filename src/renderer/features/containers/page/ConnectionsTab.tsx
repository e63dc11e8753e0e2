import type { ReactNode } from 'react'
import type { Container, ContainerDetail, ContainerMount } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useEngine } from '../../../store/inventory'
import { Section, ScrollArea } from '../../../ui'
import { LongText } from '../../../objects/secrets/LongText'
import { PortLink } from '../list/cells'
import { hostOf, shownPorts } from '../ports'

interface ConnectionsTabProps {
  readonly container: Container
  readonly detail: ContainerDetail
}

/** What joins the container to the world: ports, mounts, networks. */
export function ConnectionsTab({ container, detail }: ConnectionsTabProps): ReactNode {
  return (
    <ScrollArea>
      <Ports container={container} detail={detail} />
      <Mounts container={container} mounts={detail.mounts} />
      <Networks detail={detail} />
    </ScrollArea>
  )
}

function Ports({ container, detail }: ConnectionsTabProps): ReactNode {
  const t = useT()
  const engine = useEngine(container.engine)
  // A stopped container's inspect knows no ports; its row neither: then nothing is published now.
  const ports = detail.ports.length > 0 ? detail.ports : container.ports
  const shown = shownPorts(ports, hostOf(engine?.address ?? ''))
  return (
    <Section title={t('containers.connections.ports')}>
      {shown.length === 0 ? (
        <p className="containers__hint">{t('containers.connections.noPorts')}</p>
      ) : (
        <ul className="connections__ports">
          {shown.map((port) => (
            <li key={port.text}>
              <PortLink port={port} isRunning={container.state === 'running'} />
              {port.hostPort === undefined && (
                <span className="containers__hint"> {t('containers.connections.notPublished')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

interface MountsProps {
  readonly container: Container
  readonly mounts: readonly ContainerMount[]
}

function Mounts({ container, mounts }: MountsProps): ReactNode {
  const t = useT()
  return (
    <Section title={t('containers.connections.mounts')}>
      {mounts.length === 0 ? (
        <p className="containers__hint">{t('containers.connections.noMounts')}</p>
      ) : (
        <table className="facts-table">
          <thead>
            <tr>
              <th>{t('containers.connections.target')}</th>
              <th>{t('containers.connections.type')}</th>
              <th>{t('containers.connections.source')}</th>
              <th>{t('containers.connections.access')}</th>
            </tr>
          </thead>
          <tbody>
            {mounts.map((mount) => (
              <tr key={mount.target}>
                <td className="mono">
                  <LongText text={mount.target} />
                </td>
                <td>{t(`containers.connections.type_${mount.type}`)}</td>
                <td className="mono">
                  <MountSource container={container} mount={mount} />
                </td>
                <td>
                  {t(
                    mount.isReadOnly ? 'containers.connections.readOnly' : 'containers.connections.readWrite',
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function MountSource({
  container,
  mount,
}: {
  readonly container: Container
  readonly mount: ContainerMount
}): ReactNode {
  const t = useT()
  if (mount.type !== 'volume') return <LongText text={mount.source} />
  const isAnonymous = /^[0-9a-f]{64}$/.test(mount.source)
  return (
    <a
      href={`#/volumes/${encodeURIComponent(container.engine)}/${encodeURIComponent(mount.source)}`}
      title={mount.source}
    >
      <bdi>
        {isAnonymous ? `${t('containers.connections.anonymous')} ${mount.source.slice(0, 12)}` : mount.source}
      </bdi>
    </a>
  )
}

function Networks({ detail }: { readonly detail: ContainerDetail }): ReactNode {
  const t = useT()
  return (
    <Section title={t('containers.connections.networks')}>
      {detail.networks.length === 0 ? (
        <p className="containers__hint">{t('containers.connections.noNetworks')}</p>
      ) : (
        <table className="facts-table">
          <thead>
            <tr>
              <th>{t('containers.connections.network')}</th>
              <th>{t('containers.connections.ip')}</th>
              <th>{t('containers.connections.gateway')}</th>
              <th>{t('containers.connections.mac')}</th>
              <th>{t('containers.connections.aliases')}</th>
            </tr>
          </thead>
          <tbody>
            {detail.networks.map((network) => (
              <tr key={network.name}>
                <td>
                  <bdi>{network.name}</bdi>
                </td>
                <td className="mono">{[network.ip, network.ip6].filter(Boolean).join(', ') || '—'}</td>
                <td className="mono">{network.gateway || '—'}</td>
                <td className="mono">{network.mac || '—'}</td>
                <td>
                  <LongText text={network.aliases.join(', ')} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
