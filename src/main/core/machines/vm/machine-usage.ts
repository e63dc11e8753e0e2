import type { MachineUsage } from '../../../../shared/model'
import { pause } from '../../platform/wait-for'
import { hostBytes } from './data-disk'
import type { VmMachine } from './vm-machine'

const everyMs = 1_000
const askMs = 5_000

/** What the guest's `facts` tells that is wanted here. */
interface GuestFacts {
  readonly memory?: { readonly totalBytes?: number; readonly usedBytes?: number }
  readonly disk?: { readonly totalBytes?: number; readonly usedBytes?: number }
}

/** Once a second while it is read. What is not known now is 0. */
export async function* watchUsage(machine: VmMachine, signal: AbortSignal): AsyncGenerator<MachineUsage> {
  let before: { readonly cpuMs: number; readonly atMs: number } | undefined
  while (!signal.aborted) {
    const host = await hostUsage(machine, signal)
    const facts = await guestFacts(machine, signal)
    const atMs = performance.now()
    const usedMs = host && before ? Math.max(0, host.cpuMs - before.cpuMs) : 0
    const hostCpu = before ? usedMs / Math.max(1, atMs - before.atMs) : 0
    before = host ? { cpuMs: host.cpuMs, atMs } : undefined
    yield {
      hostCpu,
      hostMemoryBytes: host?.memoryBytes ?? 0,
      guestMemoryBytes: facts.memory?.usedBytes ?? 0,
      guestMemoryTotalBytes: facts.memory?.totalBytes ?? 0,
      diskUsedBytes: facts.disk?.usedBytes ?? 0,
      diskTotalBytes: facts.disk?.totalBytes ?? 0,
      diskHostBytes: await hostBytes(machine.files.diskPath(machine.settings)),
    }
    await pause(everyMs, signal).catch(() => undefined)
  }
}

async function hostUsage(
  { run }: VmMachine,
  signal: AbortSignal,
): Promise<{ cpuMs: number; memoryBytes: number } | undefined> {
  return run?.vm.usage(signal).catch(() => undefined)
}

async function guestFacts(machine: VmMachine, signal: AbortSignal): Promise<GuestFacts> {
  if (!machine.run) return {}
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(askMs)])
    return JSON.parse(await machine.guest.run('facts', [], { signal: limit, timeoutMs: askMs })) as GuestFacts
  } catch {
    return {}
  }
}
