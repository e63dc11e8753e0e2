import { useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ActivityItem, EngineEvent, Task, TaskId } from '../../shared/model'
import { runFeed } from './feed'
import { showError } from './toasts'

export interface Activity {
  /** Newest first. */
  readonly tasks: readonly Task[]
  /** Newest first. */
  readonly events: readonly EngineEvent[]
}

/** Core keeps as many; more would only make the window heavy. */
const keptEvents = 2000
const keptTasks = 1000

export const activityStore = createStore<Activity>(() => ({ tasks: [], events: [] }))

export function applyActivity(activity: Activity, item: ActivityItem): Activity {
  switch (item.kind) {
    case 'all':
      return {
        tasks: [...item.tasks].sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, keptTasks),
        events: newestFirst(item.events).slice(0, keptEvents),
      }
    case 'task':
      return { ...activity, tasks: withTask(activity.tasks, item.task) }
    case 'events':
      return {
        ...activity,
        events: [...newestFirst(item.events), ...activity.events].slice(0, keptEvents),
      }
  }
}

const newestFirst = (events: readonly EngineEvent[]): readonly EngineEvent[] =>
  [...events].sort((a, b) => b.atMs - a.atMs)

function withTask(tasks: readonly Task[], task: Task): readonly Task[] {
  const at = tasks.findIndex((known) => known.id === task.id)
  if (at < 0) return [task, ...tasks].slice(0, keptTasks)
  return tasks.with(at, task)
}

export const startActivity = (): (() => void) =>
  runFeed('activity.watch', {
    onItem: (item) => {
      if (item.kind === 'task') tellFailure(item.task)
      activityStore.setState((state) => applyActivity(state, item))
      return true
    },
  })

/** Tasks whose call answered long before they ended: their failure has no one waiting for it. */
const unwatched = new Set(['images.pull', 'images.save', 'files.download'])

function tellFailure(task: Task): void {
  const before = activityStore.getState().tasks.find((known) => known.id === task.id)
  // One that failed at once may be told for the first time when it has ended.
  const isNews = before === undefined || before.state === 'running'
  const isBad = task.state === 'failed' || task.state === 'interrupted'
  if (isNews && isBad && task.error && unwatched.has(task.kind)) showError(task.error, task.subject)
}

export const useTasks = (): readonly Task[] => useStore(activityStore, ({ tasks }) => tasks)
export const useTask = (id: TaskId | undefined): Task | undefined =>
  useStore(activityStore, ({ tasks }) => tasks.find((task) => task.id === id))
export const useEvents = (): readonly EngineEvent[] => useStore(activityStore, ({ events }) => events)

export function useRunningTasks(): readonly Task[] {
  const tasks = useTasks()
  return useMemo(() => tasks.filter((task) => task.state === 'running'), [tasks])
}
