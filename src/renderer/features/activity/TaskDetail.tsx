import { useState, type ReactNode } from 'react'
import type { Task, TaskPart } from '../../../shared/model'
import { act } from '../../api'
import { useT, type Translate } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatBytes, formatRate, formatTime } from '../../i18n/format'
import { taskWords } from '../../i18n/task-words'
import { Button, Code, KeyValues, ProgressBar, Section, StatusDot, ScrollArea } from '../../ui'
import { durationWords, taskTones } from './task-rows'
import { useSecond } from './use-second'

/** One task: how it goes or went, its parts, what went wrong in words, and the command that does the same. */
export function TaskDetail({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  const now = useSecond(task.state === 'running')
  const state = t(`activity.state.${task.state}`)
  return (
    <ScrollArea className="task-detail">
      <header className="task-detail__head">
        <h2 className="task-detail__title">
          {taskWords(t, task)} <bdi>{task.subject}</bdi>
        </h2>
        {task.state === 'running' && task.canCancel && <Cancel task={task} />}
      </header>
      <div className="task-detail__state">
        <StatusDot tone={taskTones[task.state]} label={state} />
        <span>{state}</span>
        <span className="dim num">{durationWords(task, now)}</span>
        <span className="faint num">{formatTime(task.startedAtMs)}</span>
      </div>
      {task.state === 'running' && <Progress task={task} />}
      {task.error && <Failure task={task} />}
      {task.state === 'interrupted' && <p className="dim">{t('activity.interruptedText')}</p>}
      {typeof task.result?.['reclaimedBytes'] === 'number' && (
        <p>{t('activity.reclaimed', { size: formatBytes(task.result['reclaimedBytes']) })}</p>
      )}
      {task.note !== undefined && task.note !== '' && (
        <KeyValues rows={[{ key: t('activity.note'), value: task.note }]} />
      )}
      {task.command !== '' && (
        <Section title={t('activity.command')}>
          <Code text={task.command} copyLabel={t('common.copyCommand')} />
        </Section>
      )}
      {task.parts.length > 0 && (
        <Section title={t('activity.parts')}>
          <ul>
            {task.parts.map((part) => (
              <Part key={part.id} part={part} />
            ))}
          </ul>
        </Section>
      )}
    </ScrollArea>
  )
}

function Cancel({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  const [isBusy, setBusy] = useState(false)
  const cancel = (): void => {
    setBusy(true)
    void act('tasks.cancel', { task: task.id }).finally(() => setBusy(false))
  }
  return (
    <Button size="sm" busy={isBusy} onClick={cancel}>
      {t(isBusy ? 'activity.cancelling' : 'common.cancel')}
    </Button>
  )
}

function Progress({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  return (
    <div className="task-detail__progress">
      <ProgressBar
        // Bytes of an unknown whole are no share of it.
        value={task.totalBytes === undefined ? undefined : task.doneBytes}
        max={task.totalBytes}
        label={t('activity.progress', { name: task.subject })}
      />
      <span className="dim num">
        {[amount(t, task), task.bytesPerSecond === undefined ? '' : formatRate(task.bytesPerSecond)]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </div>
  )
}

function amount(t: Translate, { doneBytes, totalBytes }: Pick<TaskPart, 'doneBytes' | 'totalBytes'>): string {
  if (doneBytes === undefined) return ''
  if (totalBytes === undefined) return formatBytes(doneBytes)
  return t('activity.ofTotal', { done: formatBytes(doneBytes), total: formatBytes(totalBytes) })
}

function Failure({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  if (!task.error || task.state === 'cancelled') return null
  const words = errorWords(t, task.error)
  return (
    <div className="task-detail__failure" role="alert">
      <strong>{words.title}</strong>
      <p>{words.text}</p>
      {words.detail !== undefined && <p className="mono">{words.detail}</p>}
    </div>
  )
}

function Part({ part }: { readonly part: TaskPart }): ReactNode {
  const t = useT()
  return (
    <li className="task-detail__part">
      <bdi className="mono truncate" title={part.id}>
        {part.id}
      </bdi>
      <span className="dim truncate">{part.status}</span>
      {part.totalBytes !== undefined && part.totalBytes > 0 ? (
        <ProgressBar
          value={part.doneBytes}
          max={part.totalBytes}
          label={t('activity.progress', { name: part.id })}
        />
      ) : (
        <span />
      )}
      <span className="faint num task-detail__amount">{amount(t, part)}</span>
    </li>
  )
}
