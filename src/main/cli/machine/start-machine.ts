import type { Client } from '../../../shared/contract'
import type { BootStageName, Machine, MachineId } from '../../../shared/model'
import type { CliIo } from '../command'
import { followMachine, machinesOf } from './find-machine'

const words: Readonly<Record<BootStageName, string>> = {
  image: 'preparing the image',
  disk: 'preparing the disk',
  process: 'starting the hypervisor',
  load: 'loading the saved state',
  kernel: 'booting the kernel',
  init: 'starting the system',
  sshd: 'waiting for SSH',
  tunnel: 'connecting',
  engine: 'waiting for the engine',
}

/** Starts a machine and says each stage as it comes, on standard error. Answers the machine as it then is. */
export async function startMachine(
  client: Client,
  machine: { readonly id: MachineId; readonly name: string },
  more: { readonly io: CliIo; readonly isCold?: boolean },
): Promise<Machine | undefined> {
  const { io, isCold = false } = more
  const ended = new AbortController()
  let last: string | undefined
  let isSecond = false
  const following = followMachine(client, machine.id, {
    signal: ended.signal,
    onState: ({ state, boots }) => {
      if (state.kind === 'starting' && boots[0]?.secondTry && !isSecond) {
        isSecond = true
        io.complain(`${machine.name}: ${boots[0].secondTry.error.message}: once more`)
      }
      if (state.kind !== 'starting' || state.stage === last) return
      last = state.stage
      io.complain(`${machine.name}: ${words[state.stage]}`)
    },
    // The connection's end is told by the start itself.
  }).catch(() => undefined)
  try {
    await client.call('machines.start', { machine: machine.id, cold: isCold }, io.signal)
  } finally {
    ended.abort()
    await following
  }
  return (await machinesOf(client)).find(({ id }) => id === machine.id)
}
