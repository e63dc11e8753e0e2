export interface Host {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exists: (path: string) => boolean
}
export function isRoot(): boolean
export function which(program: string, host?: Host): string | undefined
export function npmCommand(host: {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execPath: string
  readonly platform: string
}): { program: string; args: string[]; shell: boolean }
