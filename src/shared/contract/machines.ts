import * as v from 'valibot'
import type { DeletePlan, Machine, MachineId, MachineProposal, MachineUsage, Snapshot } from '../model'
import { machineSettingsSchema } from '../model/machine-settings'
import { call, stream } from './define'
import { none, word } from './fields'

const machineId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}$/),
  v.transform((id) => id as MachineId),
)
const inMachine = v.object({ machine: machineId })
const typed = v.object({ machine: machineId, typedName: word(64) })
const snapshotName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/))
const { daemonJson } = machineSettingsSchema.entries

const changeable = v.partial(
  v.object({
    ...v.omit(machineSettingsSchema, ['backend']).entries,
    diskDir: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.minLength(1), v.maxLength(4096))])),
  }),
)

/** The VMs that Slipway runs itself, and what hosts their engines. */
export const machines = {
  /** All machines, whole, each time one of them changes: they are few. */
  'machines.watch': stream(none).of<readonly Machine[]>(),
  /** What this computer offers and the machine that fits it. Probes the hypervisors. */
  'machines.propose': call(none).gives<MachineProposal>(),
  'machines.create': call(v.object({ settings: machineSettingsSchema })).gives<{ machine: MachineId }>(),
  /** Resumes what was suspended, else boots. `cold` drops the suspended state and boots. */
  'machines.start': call(
    v.object({ machine: machineId, cold: v.optional(v.boolean(), false) }),
  ).gives<null>(),
  /** `suspend` keeps everything as it runs; `shutdown` ends it in order; `kill` pulls the plug. */
  'machines.stop': call(
    v.object({ machine: machineId, how: v.picklist(['suspend', 'shutdown', 'kill']) }),
  ).gives<null>(),
  'machines.restart': call(inMachine).gives<null>(),
  /**
   * Changes just the named keys. An empty `diskDir` is the machine's own folder; the machine must not run then.
   * Answers whether a restart is needed for all of it to count.
   */
  'machines.edit': call(v.object({ machine: machineId, settings: changeable })).gives<{
    needsRestart: boolean
  }>(),
  /** Asks the machine's own engine whether it would start with this. An empty list: it would. */
  'machines.checkDaemonJson': call(v.object({ machine: machineId, daemonJson })).gives<{
    problems: string[]
  }>(),
  'machines.deletePlan': call(inMachine).gives<DeletePlan>(),
  /** Takes the machine, its disk and its snapshots away. `typedName` must be its name. */
  'machines.remove': call(typed).gives<null>(),
  /** A fresh data disk; settings stay. `typedName` must be its name. */
  'machines.reset': call(typed).gives<null>(),
  'machines.clone': call(v.object({ machine: machineId, name: machineSettingsSchema.entries.name })).gives<{
    machine: MachineId
  }>(),
  'machines.snapshots': call(inMachine).gives<Snapshot[]>(),
  'machines.snapshot': call(v.object({ machine: machineId, name: snapshotName })).gives<null>(),
  'machines.restoreSnapshot': call(v.object({ machine: machineId, name: snapshotName })).gives<null>(),
  'machines.removeSnapshot': call(v.object({ machine: machineId, name: snapshotName })).gives<null>(),
  /** Gives what was deleted inside back to the host now, without waiting. */
  'machines.trim': call(inMachine).gives<{ freedBytes: number }>(),
  /** Makes or takes away the `docker context`; `isCurrent` also makes it the current one. */
  'machines.setDockerContext': call(
    v.object({ machine: machineId, exists: v.boolean(), isCurrent: v.optional(v.boolean(), false) }),
  ).gives<null>(),
  /**
   * Makes or takes away the link at `Machine.defaultSocket.path`. Throws `file.failed`: `facts.reason` `in-use` for
   * a place that is another's, else `facts.command` that an administrator may run instead.
   */
  'machines.setDefaultSocket': call(v.object({ machine: machineId, exists: v.boolean() })).gives<null>(),
  /** The last lines of the log of the machine's life. */
  'machines.log': call(inMachine).gives<{ lines: string[] }>(),
  /** The serial console: what was kept of this boot, then what comes. */
  'machines.console': stream(inMachine).of<Uint8Array>(),
  /** Once a second while it is read. Of a stopped machine only the disk on the host is known; the rest is 0. */
  'machines.usage': stream(inMachine).of<MachineUsage>(),
}
