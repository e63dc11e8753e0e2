import type { ReactNode } from 'react'
import type { Container, ContainerDetail } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { formatAge, formatBytes, formatDuration, formatNumber, formatTime } from '../../../i18n/format'
import { useNow } from '../../../store/now'
import { Button, StatusDot } from '../../../ui'
import { doVerb } from '../actions/do-verb'
import { isOffered } from '../actions/offered'
import { endedOf, type Ended, type Why } from '../inspect/why-ended'

interface EndedCardProps {
  readonly container: Container
  readonly detail: ContainerDetail
  /** Absent where the logs are what is on screen. */
  readonly onLogs: (() => void) | undefined
}

/** Why it does not run, in words: nothing while it runs. */
export function EndedCard({ container, detail, onLogs }: EndedCardProps): ReactNode {
  const t = useT()
  const now = useNow()
  const ended = endedOf(detail)
  if (!ended) return null
  const title = detail.restarting ? t('containers.ended.titleRestarting') : t('containers.ended.title')
  return (
    <section className={`ended ended--${ended.isBad ? 'bad' : 'calm'}`} aria-label={title}>
      <StatusDot tone={ended.isBad ? 'bad' : 'idle'} label={title} />
      <div className="ended__words">
        <p className="ended__why">{whyWords(t, ended.why)}</p>
        {ended.engineError !== '' && (
          <p className="ended__engine">
            {t('containers.ended.engineSays')}: <bdi className="mono">{ended.engineError}</bdi>
          </p>
        )}
        <p className="containers__hint num">{factsOf(t, { ended, detail, now }).join(' · ')}</p>
      </div>
      <div className="ended__actions">
        {onLogs && ended.why.kind !== 'never-started' && (
          <Button size="sm" onClick={onLogs}>
            {t('containers.ended.toLogs')}
          </Button>
        )}
        {isOffered('start', container) && (
          <Button size="sm" onClick={() => doVerb('start', [container])}>
            {ended.why.kind === 'never-started' ? t('containers.verb.start') : t('containers.ended.start')}
          </Button>
        )}
      </div>
    </section>
  )
}

function factsOf(
  t: Translate,
  { ended, detail, now }: { readonly ended: Ended; readonly detail: ContainerDetail; readonly now: number },
): readonly string[] {
  const facts: string[] = []
  if (ended.exitCode !== undefined) facts.push(`${t('containers.ended.exitCode')} ${ended.exitCode}`)
  if (ended.ranMs !== undefined) facts.push(`${t('containers.ended.ranFor')} ${formatDuration(ended.ranMs)}`)
  if (ended.finishedAtMs !== undefined)
    facts.push(
      `${t('containers.ended.finishedAt')} ${formatAge(ended.finishedAtMs, now)} (${formatTime(ended.finishedAtMs)})`,
    )
  if (ended.restartCount > 0)
    facts.push(`${t('containers.ended.restarts')} ${formatNumber(ended.restartCount)}`)
  if (ended.why.kind === 'out-of-memory' && detail.limits.memoryBytes > 0)
    facts.push(`${t('containers.ended.raiseLimit')} ${formatBytes(detail.limits.memoryBytes, 'binary')}`)
  return facts
}

const plainWhy = {
  'never-started': 'neverStarted',
  'engine-error': 'engineError',
  finished: 'finished',
  'out-of-memory': 'outOfMemory',
  'not-executable': 'notExecutable',
  'not-found': 'notFound',
  'run-failed': 'runFailed',
  killed: 'killed',
  'general-error': 'generalError',
  misuse: 'misuse',
  failed: 'failed',
} as const

export function whyWords(t: Translate, why: Why): string {
  switch (why.kind) {
    case 'crashed':
    case 'stopped':
    case 'signal':
      return t(`containers.ended.${why.kind}`, { signal: why.signal })
    default:
      return t(`containers.ended.${plainWhy[why.kind]}`)
  }
}
