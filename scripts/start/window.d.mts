export interface WindowFacts {
  readonly wantsBrowser: boolean
  readonly wantsOpen: boolean
  readonly hasDisplay: boolean
  readonly hasElectron: boolean
  readonly electronFault: string | undefined
  readonly canDownload: boolean
  readonly browser: string | undefined
}
export function chooseWindow(facts: WindowFacts): {
  kind: 'electron' | 'download' | 'browser' | 'address'
  why: string
  hasFault?: boolean
}
export function diedEarly(end: {
  readonly code: number | null
  readonly isAsked: boolean
  readonly ms: number
}): boolean
export function hasDisplay(platform: string, env: Record<string, string | undefined>): boolean
export function browserArgs(window: { page: string; profile: string; isRoot: boolean }): string[]
export function redirectPage(address: string): string
export function addressIn(text: string): string | undefined
