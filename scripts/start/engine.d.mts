export interface EngineFacts {
  readonly platform: string
  readonly hasHost: boolean
  readonly hasSocket: boolean
  readonly hasDockerd: boolean
  readonly hasApt: boolean
  readonly canBeRoot: boolean
  readonly isSilent: boolean
}
export function engineStep(facts: EngineFacts): {
  step: 'none' | 'install' | 'ask' | 'impossible'
  why: string
}
