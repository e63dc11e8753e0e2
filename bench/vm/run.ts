import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { missingProgram } from '../lab'
import type { Result } from '../measure'
import { keep, latestFile, tableOf } from '../report'
import { boot } from './rows/boot'
import { giveBack } from './rows/give-back'
import { kills } from './rows/kills'
import { ping } from './rows/ping'
import { ports } from './rows/ports'
import { shares } from './rows/shares'
import { transfer } from './rows/transfer'
import { VmLab } from './vm-lab'
import type { VmRow } from './vm-row'

/**
 * `npm run bench:vm [-- --only ROW[,ROW]] [--quick] [--pairs N]`: what the machine costs and gives, against a stock
 * Debian on the same QEMU and against OpenSSH. Printed and kept as the rows of `npm run bench` are. Ends with 1 when
 * a row could not be measured.
 */
const rows: readonly VmRow[] = [boot, ping, transfer, ports, shares, giveBack, kills]
const programs = {
  ...{ [process.arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64']: 'qemu-system' },
  ...{ docker: 'docker.io', ssh: 'openssh-client', go: 'golang-go', busybox: 'busybox-static' },
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    pairs: { type: 'string', default: '5' },
  },
})
const names = values.only?.split(',') ?? rows.map(({ name }) => name)
const unknown = names.filter((name) => !rows.some((row) => row.name === name))
if (unknown.length > 0) {
  console.error(`No row ${unknown.join(', ')}. Rows: ${rows.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const chosen = rows.filter(({ name }) => names.includes(name))
const missing = Object.entries(
  Object.assign({}, programs, ...chosen.map((row) => row.programs)) as typeof programs,
).flatMap(([name, debianPackage]) => missingProgram(name, `apt-get install ${debianPackage}`))
if (missing.length > 0) {
  console.error(`Not measured, as something is missing:\n${missing.map((line) => `  ${line}`).join('\n')}`)
  process.exit(2)
}

const load = (): string =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')
let lab: VmLab | undefined
let isEnding = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isEnding = true
    console.error('Ending: machines are stopped and folders taken away')
    void (lab?.close() ?? Promise.resolve()).finally(() => process.exit(130))
  })

const results: Result[] = []
const failed: string[] = []
for (const row of chosen) {
  if (isEnding) break
  console.log(`… ${row.name} (load ${load()})`)
  try {
    // A machine of its own for each row: none finds what another has left.
    lab = await VmLab.open({ isQuick: values.quick, pairs: Number(values.pairs) })
    const measured = await row.run(lab)
    results.push(...measured)
    keep(measured)
    console.log(tableOf(measured))
  } catch (error) {
    failed.push(row.name)
    if (!isEnding) console.error(`${row.name} was not measured:`, error)
  } finally {
    await lab?.close()
  }
}
if (!isEnding) {
  console.log(`\n${tableOf(results)}\n\nLoad at the end ${load()}. Kept in ${latestFile}`)
  if (failed.length > 0) console.error(`Not measured: ${failed.join(', ')}`)
  process.exit(failed.length > 0 ? 1 : 0)
}
