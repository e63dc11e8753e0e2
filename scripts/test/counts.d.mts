/** What a runner's report says; a failure's `why` is the first lines of its error. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  readonly failures: readonly { readonly title: string; readonly why: readonly string[] }[]
}
export function firstLines(text: string | undefined, most?: number): string[]
export function countVitest(name: string, report: unknown, isGood: boolean): Counts
export function countPlaywright(report: unknown, isGood: boolean): Counts
export function countGo(text: string, isGood: boolean): Counts
export function sum(all: readonly Counts[]): Counts
