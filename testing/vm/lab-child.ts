// A core on a fake QEMU in a process of its own, to be killed in the middle of what it was asked for, which it says.
import { statSync } from 'node:fs'
import type { MachineId } from '../../src/shared/model'
import type { VmMachine } from '../../src/main/core/machines/vm/vm-machine'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { MachineLab } from './machine-lab'

const [, , dir = '', id = '', what = ''] = process.argv

/** To the moment right before, or right after, the key of a saved state is written: no step of its core follows. */
function untilKey(machine: VmMachine, moment: 'before-key' | 'after-key'): Promise<void> {
  const { files } = machine
  const save = files.saveSaved.bind(files)
  return new Promise((resolve, reject) => {
    files.saveSaved = async (saved) => {
      if (moment === 'after-key') await save(saved)
      resolve()
      return new Promise(() => undefined)
    }
    machine.stop('suspend').catch(reject)
  })
}

async function main(): Promise<void> {
  const lab = new MachineLab({ dir })
  const machine = (await lab.open()).get(id as MachineId)
  await machine.start()
  if (what === 'suspend' || what === 'suspend-end') {
    lab.qemu.set({ suspendStalls: what === 'suspend' ? true : 'at-end' })
    void machine.stop('suspend').catch(() => undefined)
    const { state } = machine.files.paths
    const isUnderWay = (): boolean => (statSync(state, { throwIfNoEntry: false })?.size ?? 0) > 0
    await waitFor(isUnderWay, { timeoutMs: 20_000, what: 'the state' })
  } else if (what === 'before-key' || what === 'after-key') await untilKey(machine, what)
  else {
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
