import { toWire } from '../../shared/errors'
import { translate } from '../i18n'
import { errorWords } from '../i18n/error-words'
import { showError } from '../store/toasts'
import type { Refusal } from '../ui'

/**
 * What stood in the way of something that a dialog waits for; nothing when it is done. Where the dialog is gone
 * (`signal`) a toast tells it instead, but not that it was called off.
 */
export async function refusalOf(work: Promise<unknown>, signal: AbortSignal): Promise<Refusal | undefined> {
  try {
    await work
    return undefined
  } catch (thrown) {
    const error = toWire(thrown)
    if (!signal.aborted) return errorWords(translate, error)
    if (error.code !== 'cancelled') showError(error)
    return undefined
  }
}
