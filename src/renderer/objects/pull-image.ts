import type { EngineId, Task, TaskId } from '../../shared/model'
import { act } from '../api'
import { translate } from '../i18n'
import { activityStore } from '../store/activity'
import { showToast } from '../store/toasts'

interface Wanted {
  readonly engine: EngineId
  readonly reference: string
  readonly platform?: string
}

/** Starts a pull and says when it is done. False: it did not start, and why was told. */
export async function pullImage(wanted: Wanted): Promise<boolean> {
  const started = await act('images.pull', wanted)
  if (started) tellWhenDone(started.task)
  return started !== undefined
}

/** The task's id is known to the window that asked for the pull, so others stay silent. Failures are told of all pulls. */
function tellWhenDone(id: TaskId): void {
  const look = (tasks: readonly Task[]): boolean => {
    const task = tasks.find((one) => one.id === id && one.kind === 'images.pull')
    if (!task || task.state === 'running') return false
    if (task.state === 'done')
      showToast({ tone: 'ok', title: translate('images.pulled', { reference: task.subject }) })
    return true
  }
  // One that was there already may have ended before the answer came.
  if (look(activityStore.getState().tasks)) return
  const stop = activityStore.subscribe(({ tasks }) => {
    if (look(tasks)) stop()
  })
}
