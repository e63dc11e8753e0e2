import { openLab, type Lab, type Row } from './lab'
import type { Result } from './measure'
import { keep, latestFile, tableOf } from './report'
import { agentLogs } from './rows/agent-logs'
import { agentMany, agentStats } from './rows/agent-stats'
import { agentTerminal, terminalFloor } from './rows/agent-terminal'
import { cycle, follow } from './rows/containers'
import { transfer } from './rows/images'
import { layerTrees } from './rows/layers'
import { eventToModel, firstList } from './rows/lists'
import { idle, logLines, table } from './rows/window'

/**
 * `npm run bench [-- --only ROW[,ROW]]`: the rows in this one run, printed and kept in `bench/latest.json`. What
 * was not measured this time stays there as it was. Ends with 1 when a row could not be measured.
 */
// Those that fill the engine with containers come last: it starts them slower the more it has.
const rows: readonly Row[] = [
  cycle,
  follow,
  transfer,
  layerTrees,
  agentLogs,
  agentTerminal,
  terminalFloor,
  idle,
  logLines,
  agentStats,
  agentMany,
  firstList,
  eventToModel,
  table,
]

function chosenRows(): readonly Row[] {
  const at = process.argv.indexOf('--only')
  if (at < 0) return rows.filter((row) => row.isByNameOnly !== true)
  const names = (process.argv[at + 1] ?? '').split(',')
  const unknown = names.filter((name) => !rows.some((row) => row.name === name))
  if (unknown.length === 0) return rows.filter((row) => names.includes(row.name))
  console.error(`No row ${unknown.join(', ')}. Rows: ${rows.map((row) => row.name).join(', ')}`)
  process.exit(2)
}

async function measure(chosen: readonly Row[], lab: Lab): Promise<{ results: Result[]; failed: string[] }> {
  const results: Result[] = []
  const failed: string[] = []
  for (const row of chosen) {
    console.log(`… ${row.name}`)
    try {
      results.push(...(await row.run(lab)))
    } catch (error) {
      failed.push(row.name)
      console.error(`${row.name} was not measured:`, error)
    }
  }
  return { results, failed }
}

const chosen = chosenRows()
const missing = [...new Set(chosen.flatMap((row) => row.missing?.() ?? []))]
if (missing.length > 0) {
  console.error(`Not measured, as something is missing:\n${missing.map((line) => `  ${line}`).join('\n')}`)
  process.exit(2)
}
const lab = await openLab()
const close = (): Promise<void> => lab.close().catch((error: unknown) => console.error(error))

async function measured(): ReturnType<typeof measure> {
  try {
    return await measure(chosen, lab)
  } finally {
    await close()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void close().then(() => process.exit(130)))
const { results, failed } = await measured()

console.log(`\n${tableOf(results)}`)
keep(results)
console.log(`\nKept in ${latestFile}`)
if (failed.length > 0) console.error(`Not measured: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)
