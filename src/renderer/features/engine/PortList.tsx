import { useState, type ReactNode } from 'react'
import type { Engine, ListeningPort, ListeningPorts } from '../../../shared/model'
import { useCall, type CallState } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { useAgentServes } from '../../store/agents'
import { Button } from '../../ui'

/** What the host listens on, read when asked for. */
export function PortList({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [isOpen, setOpen] = useState(false)
  const isServed = useAgentServes(engine.id, 'host.ports')
  const read = useCall('host.ports', isOpen && isServed ? { engine: engine.id } : null)
  if (!isServed) return null
  return (
    <div className="engine-page__log">
      <div className="engine-page__actions">
        <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('engine.host.ports')}: {t(isOpen ? 'engine.infoHide' : 'engine.infoShow')}
        </Button>
        {isOpen && (
          <Button size="sm" variant="ghost" busy={read.state === 'loading'} onClick={read.reload}>
            {t('engine.logReload')}
          </Button>
        )}
      </div>
      {isOpen && <Listed read={read} />}
    </div>
  )
}

function Listed({ read }: { readonly read: CallState<ListeningPorts> }): ReactNode {
  const t = useT()
  if (read.state === 'loading') return null
  if (read.state === 'failed') return <p role="alert">{errorWords(t, read.error).title}</p>
  return (
    <>
      <Table ports={read.value.ports} />
      {read.value.isCut && <p className="dim">{t('engine.host.portsCut')}</p>}
    </>
  )
}

function Table({ ports }: { readonly ports: readonly ListeningPort[] }): ReactNode {
  const t = useT()
  if (ports.length === 0) return <p className="dim">{t('engine.host.portsNone')}</p>
  return (
    // It scrolls: without the focus a keyboard could not.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="port-list" tabIndex={0} role="region" aria-label={t('engine.host.ports')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('engine.host.port')}</th>
            <th scope="col">{t('engine.host.address')}</th>
            <th scope="col">{t('engine.host.process')}</th>
          </tr>
        </thead>
        <tbody>
          {ports.map((one, index) => (
            <tr key={index}>
              <td className="num">
                {one.port}/{one.protocol}
              </td>
              <td className="mono">{one.address}</td>
              <td>{<Holder port={one} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Holder({ port }: { readonly port: ListeningPort }): ReactNode {
  const t = useT()
  if (port.process === undefined) return <span className="faint">{t('engine.host.unknownProcess')}</span>
  return (
    <>
      <bdi>{port.process}</bdi> <span className="faint num">{port.pid}</span>
    </>
  )
}
