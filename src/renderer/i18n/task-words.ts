import type { Task } from '../../shared/model'
import type { TextKey, Translate } from '.'
import { en } from './en'

/** What a task does, in words: of kinds that this window does not know, their contract name. */
export function taskWords(t: Translate, task: Pick<Task, 'kind'>): string {
  const [area = '', verb = ''] = task.kind.split('.')
  const areas = en.activity.verb as Partial<Record<string, Partial<Record<string, string>>>>
  if (areas[area]?.[verb] === undefined) return task.kind
  return t(`activity.verb.${area}.${verb}` as TextKey)
}
