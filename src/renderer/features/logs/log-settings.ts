import type { SourceFilter } from './log-rows'

export const tailChoices = ['100', '1000', '10000', 'all'] as const
export type TailChoice = (typeof tailChoices)[number]

/** How a person likes to read logs: remembered for all containers. */
export interface LogSettings {
  readonly tail: TailChoice
  readonly hasTimes: boolean
  readonly isWrapped: boolean
  readonly source: SourceFilter
  readonly isRegex: boolean
  readonly matchCase: boolean
  /** Search goes through the whole log, where an agent can. */
  readonly isWhole: boolean
}

export const defaultLogSettings: LogSettings = {
  tail: '1000',
  hasTimes: false,
  isWrapped: true,
  source: 'all',
  isRegex: false,
  matchCase: false,
  isWhole: false,
}
