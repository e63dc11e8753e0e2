export interface BrowserHost {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly find: (program: string) => string | undefined
  /** The text of a small file, else nothing. */
  readonly readScript: (path: string) => string
}
export function findBrowser(host?: BrowserHost): string | undefined
export const noBrowser: string
export function needBrowser(): string
