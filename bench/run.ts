import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLab, type Row } from './lab'
import type { Result } from './measure'
import { cycle, follow } from './rows/containers'
import { transfer } from './rows/images'
import { eventToModel, firstList } from './rows/lists'
import { idle, logLines, table } from './rows/window'

/** `npm run bench [-- --only ROW]`: each row in this one run, printed and written to `bench/latest.json`. */
const rows: readonly Row[] = [cycle, follow, transfer, idle, logLines, firstList, eventToModel, table]
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const chosen = rows.filter((row) => only === undefined || row.name === only)
if (chosen.length === 0) {
  console.error(`No row ${only ?? ''}. Rows: ${rows.map((row) => row.name).join(', ')}`)
  process.exit(2)
}

const lab = await openLab()
const results: Result[] = []
try {
  for (const row of chosen) {
    console.log(`… ${row.name}`)
    results.push(...(await row.run(lab)))
  }
} finally {
  await lab.close()
}

const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
console.log('\n| row | peer | ours | ratio | goal | holds |\n| --- | --- | --- | --- | --- | --- |')
for (const one of results) {
  console.log(
    `| ${one.row} | ${number(one.peer)} ${one.unit} | ${number(one.ours)} ${one.unit} | ${number(one.ratio)} | ${one.goal} | ${one.holds ? 'yes' : 'no'} |`,
  )
}
writeFileSync(join(import.meta.dirname, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`)
process.exit(0)
