export interface SandboxFacts {
  readonly platform: string
  readonly isRoot: boolean
  readonly restricted: string | undefined
  readonly allowed: string | undefined
  readonly helper: { readonly uid: number; readonly mode: number } | undefined
}
export function sandboxFault(facts: SandboxFacts): string | undefined
export function sandboxFacts(electron: string, isRoot: boolean): SandboxFacts
export function sandboxCommands(electron: string): string[]
