import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from './measure'

export const latestFile = join(import.meta.dirname, 'latest.json')

/** With the results of earlier runs: a row that was measured again takes the place of its old figures. */
export function keep(results: readonly Result[], file = latestFile): void {
  const now = new Map(results.map((one) => [one.row, one]))
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : []
  const kept = before.filter((one) => !now.has(one.row))
  writeFileSync(file, `${JSON.stringify([...kept, ...now.values()], null, 2)}\n`)
}

/** As it stands in the README. */
export function tableOf(results: readonly Result[]): string {
  const lines = results.map((one) => {
    const cells = [one.row, figure(one.peer, one.unit), figure(one.ours, one.unit), number(one.ratio)]
    return `| ${[...cells, one.goal, one.holds ? 'yes' : 'no'].join(' | ')} |`
  })
  return [
    '| row | peer | ours | ratio | goal | holds |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

const figure = (value: number, unit: string): string => `${number(value)} ${unit}`
const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
