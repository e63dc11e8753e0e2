import { contract, type Handlers } from '../../../shared/contract'
import { commandFor, isAction, subjectOf, type ActionName, type Names } from '../../../shared/commands'
import type { EngineId } from '../../../shared/model'
import type { Activity } from './activity'
import type { TaskSpec } from './running-task'

type AnyCall = (args: { readonly engine?: EngineId }, signal: AbortSignal) => unknown

/** These make their own task, which outlives the call. */
const ownTasks: readonly string[] = ['images.pull', 'images.load']

/** What stands in Activity for an action. */
export function taskFor(name: string, args: object, names: Names): TaskSpec {
  if (!isAction(name)) return { kind: name, subject: '', command: '', canCancel: true }
  const checked = args as Parameters<typeof commandFor<ActionName>>[1]
  const engine = (args as { engine?: EngineId }).engine
  return {
    kind: name,
    subject: subjectOf(name, checked, names),
    command: commandFor(name, checked, names),
    canCancel: true,
    ...(engine !== undefined && { engine }),
  }
}

/** The same handlers, with each action done as a task. Questions pass as they are. */
export function recordActions<H extends Partial<Handlers>>(handlers: H, activity: Activity, names: Names): H {
  const recorded: Record<string, unknown> = { ...handlers }
  for (const [name, handler] of Object.entries(handlers)) {
    const isCall = contract[name as keyof typeof contract].kind === 'call'
    if (!isCall || !isAction(name) || ownTasks.includes(name)) continue
    const call = handler as AnyCall
    recorded[name] = ((args, signal) =>
      activity.run(
        taskFor(name, args, names),
        (run) => Promise.resolve(call(args, run.signal)),
        signal,
      )) satisfies AnyCall
  }
  return recorded as H
}

export const activityHandlers = (
  activity: Activity,
): Pick<Handlers, 'activity.watch' | 'activity.clear' | 'tasks.cancel'> => ({
  'activity.watch': (_, { signal }) => activity.watch(signal),
  'activity.clear': () => {
    activity.clear()
    return null
  },
  'tasks.cancel': ({ task }) => {
    activity.cancel(task)
    return null
  },
})
