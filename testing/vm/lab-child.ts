// A core on a fake QEMU in a process of its own, to be killed in the middle of what it was asked for, which it says.
import { statSync } from 'node:fs'
import type { MachineId } from '../../src/shared/model'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { MachineLab } from './machine-lab'

const [, , dir = '', id = '', what = ''] = process.argv

async function main(): Promise<void> {
  const lab = new MachineLab({ dir })
  const machine = (await lab.open()).get(id as MachineId)
  await machine.start()
  if (what === 'suspend') {
    lab.qemu.set({ suspendStalls: true })
    void machine.stop('suspend').catch(() => undefined)
    const { state } = machine.files.paths
    const isUnderWay = (): boolean => (statSync(state, { throwIfNoEntry: false })?.size ?? 0) > 0
    await waitFor(isUnderWay, { timeoutMs: 20_000, what: 'the state' })
  } else {
    await machine.stop('suspend')
    lab.qemu.set({ loadStalls: true })
    void machine.start().catch(() => undefined)
    const isUnderWay = (): boolean => machine.describe().boots[0]?.stages.at(-1)?.name === 'load'
    await waitFor(isUnderWay, { timeoutMs: 20_000, what: 'the load' })
  }
  process.stdout.write('under way\n')
  // Lives until it is killed.
  setInterval(() => undefined, 60_000)
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
