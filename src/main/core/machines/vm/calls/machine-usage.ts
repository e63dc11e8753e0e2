import { timeLimit } from '../../../platform/time-limit'
import * as v from 'valibot'
import type { MachineUsage } from '../../../../../shared/model'
import { pause } from '../../../platform/wait-for'
import { hostBytes } from '../kept/data-disk'
import type { VmMachine } from '../vm-machine'

const everyMs = 1_000
const askMs = 5_000

/** What is wanted here of the guest's `facts`. Bytes. */
const factsSchema = v.object({
  memTotal: v.number(),
  memAvailable: v.number(),
  diskTotal: v.number(),
  diskUsed: v.number(),
})
type GuestFacts = v.InferOutput<typeof factsSchema>

const nothing: GuestFacts = { memTotal: 0, memAvailable: 0, diskTotal: 0, diskUsed: 0 }

/** Once a second while it is read. What is not known now is 0. */
export async function* watchUsage(machine: VmMachine, signal: AbortSignal): AsyncGenerator<MachineUsage> {
  let before: HostReading | undefined
  while (!signal.aborted) {
    const host = await hostReading(machine, signal)
    const facts = await guestFacts(machine, signal)
    yield {
      hostCpu: host && before ? coresBetween(before, host) : 0,
      hostMemoryBytes: host?.memoryBytes ?? 0,
      guestMemoryBytes: facts.memTotal - facts.memAvailable,
      guestMemoryTotalBytes: facts.memTotal,
      diskUsedBytes: facts.diskUsed,
      diskTotalBytes: facts.diskTotal,
      diskHostBytes: await hostBytes(machine.files.diskPath(machine.settings)),
    }
    before = host
    await pause(everyMs, signal).catch(() => undefined)
  }
}

interface HostReading {
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly atMs: number
}

const coresBetween = (before: HostReading, now: HostReading): number =>
  Math.max(0, now.cpuMs - before.cpuMs) / Math.max(1, now.atMs - before.atMs)

async function hostReading({ run }: VmMachine, signal: AbortSignal): Promise<HostReading | undefined> {
  const usage = await run?.vm.usage(signal).catch(() => undefined)
  return usage && { ...usage, atMs: performance.now() }
}

async function guestFacts(machine: VmMachine, signal: AbortSignal): Promise<GuestFacts> {
  if (!machine.run) return nothing
  try {
    const limit = timeLimit(signal, askMs)
    const said = await machine.guest.run('facts', [], { signal: limit, timeoutMs: askMs })
    return v.parse(factsSchema, JSON.parse(said))
  } catch {
    return nothing
  }
}
