import type { Facts, WireError } from '../errors'

/**
 * What is looked at. `data-folder`: can we write; `free-space`, `memory`: of this computer; `no-engine`: no road led
 * to one; `engine`, `list`, `clock`, `agent`: of each engine; `docker-cli`, `docker-plugin`: the tools beside us;
 * `hypervisor`, `machine`: of our VMs.
 */
export const checkNames = [
  'data-folder',
  'free-space',
  'memory',
  'no-engine',
  'engine',
  'list',
  'clock',
  'agent',
  'docker-cli',
  'docker-plugin',
  'hypervisor',
  'machine',
] as const
export type CheckName = (typeof checkNames)[number]

/** `note`: worth knowing, nothing to mend. */
export const checkStates = ['bad', 'warning', 'note', 'good'] as const
export type CheckState = (typeof checkStates)[number]

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly name: CheckName
  readonly state: CheckState
  /** Whom it is about, where there are several: an engine's or machine's name, a path, a plugin. */
  readonly subject?: string
  readonly facts: Facts
  /** One plain English sentence, for the report and the command line. */
  readonly message: string
  readonly error?: WireError
  /** The shell command that mends it, ready to paste. */
  readonly mend?: string
}

export interface Diagnosis {
  /** Epoch ms. */
  readonly atMs: number
  /** The worst first. */
  readonly checks: readonly Check[]
}
