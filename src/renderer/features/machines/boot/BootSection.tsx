import type { ReactNode } from 'react'
import type { BootRecord, Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatDuration, formatTime } from '../../../i18n/format'
import { Section } from '../../../ui'
import { BootTimeline } from './BootTimeline'
import { lastMsOf } from './timeline'

/** The start that goes on, or the last one, and the ones before. */
export function BootSection({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [last, ...earlier] = machine.boots
  const title = t(last?.outcome === 'going' ? 'machines.page.boot.titleGoing' : 'machines.page.boot.title')
  const { state } = machine
  return (
    <Section title={title}>
      {last ? (
        <BootTimeline
          key={last.startedAt}
          boot={last}
          earlier={earlier}
          failedAt={state.kind === 'failed' ? state.sinceMs : undefined}
        />
      ) : (
        <p className="dim">{t('machines.page.boot.none')}</p>
      )}
      {earlier.length > 0 && <Earlier boots={earlier} />}
    </Section>
  )
}

function Earlier({ boots }: { readonly boots: readonly BootRecord[] }): ReactNode {
  const t = useT()
  return (
    <details>
      <summary>{t('machines.page.boot.earlier')}</summary>
      <table className="boot-history">
        <thead>
          <tr>
            <th>{t('machines.page.boot.when')}</th>
            <th>{t('machines.page.boot.how')}</th>
            <th>{t('machines.page.boot.took')}</th>
            <th>{t('machines.columns.state')}</th>
          </tr>
        </thead>
        <tbody>
          {boots.map((boot) => (
            <tr key={boot.startedAt}>
              <td className="num">{formatTime(boot.startedAt)}</td>
              <td>{t(`machines.page.boot.${boot.way}`)}</td>
              <td className="num">{formatDuration(lastMsOf(boot))}</td>
              <td>
                {t(`machines.page.boot.outcome.${boot.outcome}`)}
                {boot.secondTry && ` (${t('machines.page.boot.secondTryShort')})`}
                {boot.error && `: ${errorWords(t, boot.error).title}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
