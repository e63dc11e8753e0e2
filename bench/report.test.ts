import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Result } from './measure'
import { keep, tableOf } from './report'

const result = (row: string, ours: number): Result => ({
  ...{ row, unit: 'ms', peer: 100, ours, ratio: ours / 100 },
  ...{ goal: '<= 1x', holds: ours <= 100 },
})

test('a row that was measured again takes the place of its old figures, the others stay', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slb-report-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'latest.json')
  keep([result('a', 1), result('b', 2)], file)
  keep([result('a', 3)], file)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([result('b', 2), result('a', 3)])
})

test('a miss is shown as one', () => {
  expect(tableOf([result('a', 150)])).toContain('| a | 100 ms | 150 ms | 1.50 | <= 1x | no |')
})
