import { HeartPulse } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ContainerDetail, HealthProbe } from '../../../../shared/model'
import { quoteShell } from '../../../../shared/run'
import { useT } from '../../../i18n'
import { formatDuration, formatNumber, formatTime } from '../../../i18n/format'
import { Badge, Code, EmptyState, KeyValues, Section, type Tone, ScrollArea } from '../../../ui'
import { maskText } from '../../../objects/secrets/secrets'
import { LongText } from '../../../objects/secrets/LongText'

const statusTones: Readonly<Record<string, Tone>> = { healthy: 'ok', unhealthy: 'bad', starting: 'busy' }

export function HealthTab({ detail }: { readonly detail: ContainerDetail }): ReactNode {
  const t = useT()
  const { health } = detail
  if (!health || health.status === 'none')
    return (
      <EmptyState
        icon={<HeartPulse />}
        title={t('containers.healthPage.none')}
        text={t('containers.healthPage.noneText')}
      />
    )
  const { status } = health
  const known = status === 'healthy' || status === 'unhealthy' || status === 'starting'
  // The newest is what a person looks for.
  const probes = [...health.probes].sort((a, b) => b.startedAtMs - a.startedAtMs)
  return (
    <ScrollArea>
      <Section title={t('containers.healthPage.status')}>
        <KeyValues
          rows={[
            {
              key: t('containers.healthPage.status'),
              value: (
                <Badge tone={statusTones[status] ?? 'idle'}>
                  {known ? t(`containers.health.${status}`) : status}
                </Badge>
              ),
            },
            { key: t('containers.healthPage.streak'), value: formatNumber(health.failingStreak) },
          ]}
        />
      </Section>
      <Section title={t('containers.healthPage.test')}>
        <Code text={maskText(testText(health.test))} copyLabel={t('containers.inspect.copyCommand')} />
      </Section>
      <Section title={t('containers.healthPage.probes')}>
        {probes.length === 0 && <p className="containers__hint">{t('containers.healthPage.noProbes')}</p>}
        {probes.map((probe) => (
          <Probe key={probe.startedAtMs} probe={probe} />
        ))}
      </Section>
    </ScrollArea>
  )
}

/** As a person would type it: without the engine's word for how it is run. */
function testText([how, ...words]: readonly string[]): string {
  if (how === 'CMD-SHELL') return words.join(' ')
  return (how === 'CMD' ? words : [how ?? '', ...words]).map(quoteShell).join(' ')
}

function Probe({ probe }: { readonly probe: HealthProbe }): ReactNode {
  const t = useT()
  const isGood = probe.exitCode === 0
  return (
    <article className="probe">
      <header className="probe__head">
        <Badge tone={isGood ? 'ok' : 'bad'}>
          {isGood
            ? t('containers.healthPage.passed')
            : t('containers.healthPage.failedWith', { code: probe.exitCode })}
        </Badge>
        <span className="num">{formatTime(probe.startedAtMs)}</span>
        <span className="containers__hint num">
          {t('containers.healthPage.took', {
            duration: formatDuration(Math.max(0, probe.endedAtMs - probe.startedAtMs)),
          })}
        </span>
      </header>
      {probe.output.trim() === '' ? (
        <p className="containers__hint">{t('containers.healthPage.noOutput')}</p>
      ) : (
        <pre className="probe__output">
          <LongText text={probe.output.trimEnd()} />
        </pre>
      )}
    </article>
  )
}
