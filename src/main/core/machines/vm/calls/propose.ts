import { mkdir } from 'node:fs/promises'
import { cpus, freemem, homedir, totalmem } from 'node:os'
import * as v from 'valibot'
import { toWire } from '../../../../../shared/errors'
import {
  machineSettingsSchema,
  type MachineProposal,
  type MachineSettings,
} from '../../../../../shared/model'
import type { Backend, BackendFacts } from '../backend'
import { freeBytes } from '../kept/data-disk'
import type { VmMachines } from '../vm-machines'

type Offer = MachineProposal['backends'][number]

const gib = 1024 ** 3

/** What this computer has, and the machine that fits it. Nothing is made. */
export async function propose(
  machines: VmMachines,
  dataDir: string,
  signal: AbortSignal,
): Promise<MachineProposal> {
  const backends = await Promise.all(machines.backends.map((backend) => offer(backend, signal)))
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const host = {
    cpus: cpus().length || 1,
    memoryBytes: totalmem(),
    diskFreeBytes: await freeBytes(dataDir),
    home: homedir(),
  }
  const best = backends.find(({ isAvailable, isEmulated }) => isAvailable && !isEmulated)
  const backend = (best ?? backends.find(({ isAvailable }) => isAvailable) ?? backends[0])?.backend ?? 'qemu'
  const image = await machines.images.state()
  const taken = machines.all.map(({ settings }) => settings.name)
  return {
    settings: { ...fitting({ ...host, freeMemoryBytes: freemem() }), backend, name: freeName(taken) },
    ...{ backends, host, imageBytes: image.bytes, imageIsReady: image.way === 'ready', imageWay: image.way },
  }
}

/** Half the processors, at least two where there are two; a quarter of the memory; disk that is really there. */
export function fitting(host: {
  cpus: number
  memoryBytes: number
  freeMemoryBytes: number
  diskFreeBytes: number
  home: string
}): MachineSettings {
  const half = Math.max(Math.min(2, host.cpus), Math.floor(host.cpus / 2))
  const quarterMiB = Math.floor(host.memoryBytes / 4 / 1024 ** 2 / 512) * 512
  const diskGiB = Math.floor((host.diskFreeBytes / gib) * 0.8)
  return v.parse(machineSettingsSchema, {
    name: 'slipway',
    backend: 'qemu',
    cpus: Math.min(8, half),
    memoryMiB: Math.min(8192, Math.max(1024, quarterMiB)),
    diskGiB: Math.min(64, Math.max(8, diskGiB)),
    shares: [{ path: host.home, isReadOnly: false }],
  })
}

function freeName(taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'slipway' : `slipway-${n}`
    if (!taken.includes(name)) return name
  }
}

async function offer(backend: Backend, signal: AbortSignal): Promise<Offer> {
  try {
    return offerOf(backend, await backend.probe(signal))
  } catch (error) {
    return { backend: backend.kind, isAvailable: false, error: toWire(error, signal) }
  }
}

const offerOf = ({ kind }: Backend, facts: BackendFacts): Offer => ({
  backend: kind,
  ...{ isAvailable: facts.isAvailable, canSuspend: facts.canSuspend },
  ...(facts.version !== undefined && { version: facts.version }),
  ...(facts.accelerator && {
    accelerator: facts.accelerator.name,
    isEmulated: facts.accelerator.isEmulated,
  }),
  ...(facts.mend !== undefined && { mend: facts.mend }),
  ...(!facts.isAvailable && {
    error: {
      code: 'machine.unavailable' as const,
      message: `${kind} is not available`,
      facts: { backend: kind, reason: facts.reason ?? '' },
    },
  }),
})
