import type { Diagnosis } from '../model'
import { call } from './define'
import { none } from './fields'

/** What is wrong with this computer's engines and machines, and with what they stand on. Works while they are down. */
export const diagnostics = {
  /** Looks at everything now; what does not answer within seconds is told as such. */
  'diagnostics.run': call(none).gives<Diagnosis>(),
  /** The same with facts and the ends of the logs, as a text to give away: secrets are masked in it. */
  'diagnostics.report': call(none).gives<{ readonly text: string }>(),
}
