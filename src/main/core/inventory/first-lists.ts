import type { AppError } from '../../../shared/errors'
import { isSilence } from '../engine/heartbeat'

/** After this a list that is still under way holds the engine back no longer. */
const patienceMs = 2_000

/**
 * Resolves when what an engine has listed is enough to use it: all lists, or after some patience any. The others go on.
 * Each answers what the engine refused it with, if that. Throws when a road breaks, and for an engine of no use: one
 * that refuses every list, or leaves one without an answer to its end and has given none.
 */
export function firstLists(lists: readonly Promise<AppError | undefined>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const refusals: AppError[] = []
    let given = 0
    let isPatient = true
    const look = (): void => {
      const areAllIn = given + refusals.length === lists.length
      if (given > 0 && (areAllIn || !isPatient)) settle(resolve)
      const why = refusals.find(isSilence) ?? (areAllIn ? refusals[0] : undefined)
      if (given === 0 && why) settle(() => reject(why))
    }
    const settle = (how: () => void): void => {
      clearTimeout(patience)
      how()
    }
    const patience = setTimeout(() => {
      isPatient = false
      look()
    }, patienceMs)
    for (const list of lists) {
      list.then(
        (refusal) => {
          if (refusal) refusals.push(refusal)
          else given++
          look()
        },
        (error: Error) => settle(() => reject(error)),
      )
    }
  })
}
