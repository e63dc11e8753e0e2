export interface AptFacts {
  readonly hasApt: boolean
  readonly canBeRoot: boolean
  readonly isSilent: boolean
}
export function candidatesIn(policy: string): ReadonlyMap<string, string>
export function aptStep(
  name: string,
  facts: AptFacts,
  why: string,
): { step: 'install' | 'ask' | 'impossible'; why: string }
