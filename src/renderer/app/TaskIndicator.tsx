import { X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { Task } from '../../shared/model'
import { act } from '../api'
import { useT, type Translate } from '../i18n'
import { formatBytes, formatRate } from '../i18n/format'
import { taskWords } from '../i18n/task-words'
import { useRunningTasks } from '../store/activity'
import { Button, IconButton, Popover, ProgressBar, Spinner } from '../ui'

/** What goes on now; nothing while nothing does. */
export function TaskIndicator(): ReactNode {
  const t = useT()
  const tasks = useRunningTasks()
  if (tasks.length === 0) return null
  const label = t('shell.tasks.running', { count: tasks.length })
  return (
    <Popover
      align="end"
      label={label}
      trigger={
        <Button size="sm" variant="ghost" icon={<Spinner size={13} />}>
          {label}
        </Button>
      }
    >
      <div className="task-indicator__list">
        {tasks.map((task) => (
          <RunningTask key={task.id} task={task} />
        ))}
        <Link href="/activity">{t('shell.tasks.all')}</Link>
      </div>
    </Popover>
  )
}

function RunningTask({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  const [isCancelling, setCancelling] = useState(false)
  const name = `${taskWords(t, task)}: ${task.subject}`
  const cancel = (): void => {
    setCancelling(true)
    void act('tasks.cancel', { task: task.id }).finally(() => setCancelling(false))
  }
  return (
    <div className="task-indicator__task">
      <div className="task-indicator__line">
        <bdi className="truncate" title={name}>
          {name}
        </bdi>
        {task.canCancel && (
          <IconButton
            size="sm"
            busy={isCancelling}
            label={t('activity.cancelTask')}
            icon={<X />}
            onClick={cancel}
          />
        )}
      </div>
      <ProgressBar
        // Bytes of an unknown whole are no share of it.
        value={task.totalBytes === undefined ? undefined : task.doneBytes}
        max={task.totalBytes}
        label={t('activity.progress', { name })}
      />
      <span className="faint num">{amountWords(t, task)}</span>
    </div>
  )
}

function amountWords(t: Translate, task: Task): string {
  const words: string[] = []
  const { doneBytes, totalBytes } = task
  if (doneBytes !== undefined)
    words.push(
      totalBytes === undefined
        ? formatBytes(doneBytes)
        : t('activity.ofTotal', { done: formatBytes(doneBytes), total: formatBytes(totalBytes) }),
    )
  if (task.bytesPerSecond !== undefined) words.push(formatRate(task.bytesPerSecond))
  return words.join(' · ') || (task.note ?? '')
}
