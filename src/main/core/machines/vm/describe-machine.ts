import type { BootRecord, EngineId, Machine, MachineId, MachineSettings } from '../../../../shared/model'
import type { MachineFiles } from './kept/machine-files'
import type { MachineLife } from './run/machine-life'
import type { MachineRun } from './run/machine-run'
import { needsRestart } from './kept/machine-settings-check'

export interface Described {
  readonly id: MachineId
  readonly settings: MachineSettings
  readonly files: MachineFiles
  readonly life: MachineLife
  readonly run: MachineRun | undefined
  readonly boots: readonly BootRecord[]
  readonly accelerator: Machine['accelerator']
  readonly contextState: Machine['contextState']
  readonly defaultSocket: Machine['defaultSocket']
}

/** A machine as clients see it. */
export function describeMachine(machine: Described): Machine {
  const { id, settings, files, life, run, boots, accelerator, contextState, defaultSocket } = machine
  const started = run?.started
  return {
    ...{ id, engine: id as string as EngineId, settings },
    needsRestart: started !== undefined && needsRestart(settings, started.settings),
    ...{ state: life.state, boots },
    ...(accelerator && { accelerator }),
    ...{ ports: run?.ports ?? [], shares: run?.shares ?? [] },
    socketPath: files.paths.engineSocket,
    dockerContext: contextName(settings.name),
    ...(contextState && { contextState }),
    ...(defaultSocket && { defaultSocket }),
    ...(started && { imageId: started.imageId }),
  }
}

/** The first machine's is called like the app. */
const contextName = (name: string): string => (name === 'slipway' ? name : `slipway-${name}`)
