// Machines for this folder's tests.
import type { EngineId, Machine, MachineId, MachineProposal, MachineSettings } from '../../../shared/model'

export const sampleSettings = (change: Partial<MachineSettings> = {}): MachineSettings => ({
  name: 'vm',
  backend: 'qemu',
  cpus: 2,
  memoryMiB: 2048,
  swapMiB: 0,
  diskGiB: 40,
  shares: [],
  dns: [],
  caFiles: [],
  daemonJson: '{}',
  isPublishedToLan: false,
  idleMinutes: 0,
  startsWithApp: true,
  onQuit: 'suspend',
  ...change,
})

export function sampleMachine({
  name = 'vm',
  settings = {},
  ...change
}: Partial<Omit<Machine, 'settings'>> & {
  readonly name?: string
  readonly settings?: Partial<MachineSettings>
} = {}): Machine {
  return {
    id: name as MachineId,
    engine: name as unknown as EngineId,
    settings: sampleSettings({ name, ...settings }),
    needsRestart: false,
    state: { kind: 'running', sinceMs: 0 },
    accelerator: { name: 'kvm', isEmulated: false },
    boots: [],
    ports: [],
    shares: [],
    socketPath: '/run/slipway/vm/docker.sock',
    dockerContext: 'slipway',
    contextState: 'absent',
    defaultSocket: { path: '/var/run/docker.sock', state: 'absent' },
    ...change,
  }
}

export const sampleProposal = (change: Partial<MachineProposal> = {}): MachineProposal => ({
  settings: sampleSettings(),
  backends: [
    {
      backend: 'qemu',
      isAvailable: true,
      version: '7.2.1',
      accelerator: 'tcg',
      isEmulated: true,
      canSuspend: true,
    },
  ],
  host: { cpus: 4, memoryBytes: 8 * 1024 ** 3, diskFreeBytes: 50 * 1024 ** 3, home: '/home/ann' },
  imageBytes: 0,
  imageIsReady: true,
  imageWay: 'ready',
  ...change,
})
