import { timeLimit } from '../../platform/time-limit'
import type { EngineId, EngineState, MachineId, MachineState } from '../../../../shared/model'
import type { KnownEngine, OwnEngine } from '../machines'
import type { VmMachines } from './vm-machines'

/** The engines of our machines, each with the state of what hosts it. */
export const vmEngines = (machines: VmMachines): KnownEngine[] =>
  machines.all.map((machine) => {
    const { settings, id, files, life } = machine
    const state = engineState(life.state)
    return {
      id: id as string as EngineId,
      name: settings.name,
      origin: 'machine',
      address: { kind: 'unix', path: files.paths.engineSocket },
      dial: (signal, lane) => machine.dialEngine(signal, lane),
      isOurs: true,
      ...(state && { state }),
    }
  })

/** A machine as the engine that it hosts: stopped is suspended, its log is the guest's engine log. */
export function vmAsEngine(machines: VmMachines, id: EngineId): OwnEngine {
  const machine = machines.get(id as string as MachineId)
  return {
    start: () => machine.start(),
    stop: () => machine.stop('suspend'),
    restart: () => machine.restart(),
    logLines: async () => {
      if (!machine.run) return machine.log.lines()
      const signal = timeLimit(undefined, logMs)
      const text = await machine.guest.run('engine-log', ['500'], { signal, timeoutMs: logMs })
      return text.split('\n').filter(Boolean)
    },
  }
}

const logMs = 15_000

/** `undefined` while the machine is up: whether the engine answers is then the connection's to say. */
export function engineState(state: MachineState): EngineState | undefined {
  switch (state.kind) {
    case 'running':
    case 'degraded':
      return undefined
    case 'starting':
      return { kind: 'starting', stage: state.stage, sinceMs: state.sinceMs }
    case 'failed':
      return { kind: 'lost', error: state.cause, sinceMs: state.sinceMs }
    case 'absent':
      return { kind: 'stopped', sinceMs: 0 }
    case 'stopped':
    case 'stopping':
      return { kind: 'stopped', sinceMs: state.sinceMs }
  }
}
