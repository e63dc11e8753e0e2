import { escapeName } from '../../../shared/model/file-entry'
import type { TextKey } from '../../i18n'

const maxNameBytes = 255

/** Why what was typed cannot be the name of something new in a folder; `undefined` when it can. */
export function nameProblem(typed: string, taken: ReadonlySet<string>): TextKey | undefined {
  if (typed.includes('/')) return 'files.name.slash'
  if (typed === '.' || typed === '..') return 'files.name.dots'
  if (new TextEncoder().encode(typed).length > maxNameBytes) return 'files.name.long'
  if (taken.has(escapeName(typed))) return 'files.name.taken'
  return undefined
}
