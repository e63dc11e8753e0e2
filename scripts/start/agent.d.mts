import type { AptFacts } from '../setup/apt.mjs'

export interface AgentFacts extends AptFacts {
  readonly platform: string
  readonly go: string | undefined
  readonly offered: string | undefined
  readonly needed: string
}
export function isGoEnough(has: string, needed: string): boolean
export function goLine(text: string): string
export function agentStep(facts: AgentFacts): {
  step: 'build' | 'install' | 'ask' | 'impossible'
  why: string
}
