import type { AptFacts } from '../setup/apt.mjs'

export interface EngineFacts extends AptFacts {
  readonly platform: string
  readonly hasHost: boolean
  readonly hasSocket: boolean
  readonly hasDockerd: boolean
}
export function engineStep(facts: EngineFacts): {
  step: 'none' | 'install' | 'ask' | 'impossible'
  why: string
}
export function groupAdvice(person: {
  readonly isRoot: boolean
  readonly user: string
  readonly groups: readonly string[]
}): string[]
