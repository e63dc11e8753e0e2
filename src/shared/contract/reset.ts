import * as v from 'valibot'
import type { ResetPlan, ResetResult } from '../model'
import { resetWord } from '../model/reset'
import { call } from './define'
import { none } from './fields'

/** Takes away all that Slipway made for itself; core stands as new afterwards and goes on. */
export const reset = {
  'reset.plan': call(none).gives<ResetPlan>(),
  /**
   * Cannot be cancelled, and goes on when the client leaves. Throws `reset.incomplete` when something stayed that
   * should have gone; all else is gone then.
   */
  'reset.run': call(v.object({ typedWord: v.literal(resetWord) })).gives<ResetResult>(),
}
