export interface Options {
  readonly browser: boolean
  readonly open: boolean
  readonly port: number | undefined
  readonly machine: 'vm' | undefined
  readonly yes: boolean
  readonly help: boolean
}
export function readOptions(args: readonly string[]): Options
