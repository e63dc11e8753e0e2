import type { Engine, Task, TaskState } from '../../../shared/model'
import { formatDuration, formatTime } from '../../i18n/format'
import type { Tone } from '../../ui'

export const taskTones: Readonly<Record<TaskState, Tone>> = {
  running: 'busy',
  done: 'ok',
  failed: 'bad',
  cancelled: 'idle',
  interrupted: 'warn',
}

/** How long it took, or takes so far. Core's clock began it; our own ends a running one. */
export const durationMs = (task: Task, nowMs: number): number =>
  Math.max(0, (task.endedAtMs ?? nowMs) - task.startedAtMs)

export const durationWords = (task: Task, nowMs: number): string => formatDuration(durationMs(task, nowMs))

/** Tasks that hold each word in what they are about, their kind's words or their command. */
export function matchingTasks(
  tasks: readonly Task[],
  filter: {
    readonly query: string
    readonly state: TaskState | 'all'
    readonly engine: Engine['id'] | undefined
    readonly wordsOf: (task: Task) => string
  },
): readonly Task[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean)
  return tasks.filter((task) => {
    if (filter.state !== 'all' && task.state !== filter.state) return false
    if (filter.engine !== undefined && task.engine !== filter.engine) return false
    const text = `${task.subject} ${filter.wordsOf(task)} ${task.command}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Of today just the time of day. */
export function startedWords(task: Task, nowMs: number): string {
  const isToday = new Date(task.startedAtMs).toDateString() === new Date(nowMs).toDateString()
  return formatTime(task.startedAtMs, isToday ? 'time' : 'full')
}
