import type { Handlers } from '../../../../../shared/contract'
import { isCode } from '../../../../../shared/errors'
import type { MachineId, Progress } from '../../../../../shared/model'
import { log } from '../../../platform/log'
import { hostBytes } from '../kept/data-disk'
import {
  cloneMachine,
  deletePlan,
  editMachine,
  removeMachine,
  removeSnapshot,
  resetMachine,
  restoreSnapshot,
  snapshots,
  takeSnapshot,
} from '../kept/machine-work'
import { watchConsole } from './watch-console'
import { watchUsage } from './machine-usage'
import { propose } from './propose'
import type { VmMachine } from '../vm-machine'
import type { VmMachines } from '../vm-machines'
import { watchLatest } from './watch-latest'

export interface VmHandlerDeps {
  readonly machines: VmMachines
  readonly dataDir: string
  readonly progressOf: (signal: AbortSignal) => (progress: Progress) => void
  /** What the machine's engine holds, while it is known. */
  readonly countsOf: (id: MachineId) => { containers: number; images: number; volumes: number } | undefined
  readonly setDockerContext: (
    machine: { name: string; socketPath: string; description: string },
    wanted: { exists: boolean; isCurrent: boolean },
  ) => Promise<void>
  readonly setDefaultSocket: (machine: VmMachine, exists: boolean) => Promise<void>
  /** Somebody looks at the machines: what others may have changed is looked at again. */
  readonly onLooked?: () => void
}

type MachineCalls = Pick<Handlers, Extract<keyof Handlers, `machines.${string}`>>

export function vmHandlers(deps: VmHandlerDeps): MachineCalls {
  return { ...lifeHandlers(deps), ...diskHandlers(deps), ...viewHandlers(deps) }
}

type LifeCalls = Pick<
  MachineCalls,
  `machines.${'create' | 'start' | 'stop' | 'restart' | 'edit' | 'remove' | 'reset' | 'setDockerContext' | 'setDefaultSocket'}`
>

function lifeHandlers(deps: VmHandlerDeps): LifeCalls {
  const { machines, progressOf, setDockerContext, setDefaultSocket } = deps
  return {
    'machines.create': async ({ settings }) => ({ machine: (await machines.create(settings)).id }),
    'machines.start': async ({ machine, cold }, signal) => {
      const vm = machines.get(machine)
      const progress = progressOf(signal)
      await cancellable(vm, signal, () => vm.start({ isCold: cold, progress }))
      return null
    },
    'machines.stop': async ({ machine, how }) => {
      await machines.get(machine).stop(how)
      return null
    },
    'machines.restart': async ({ machine }, signal) => {
      const vm = machines.get(machine)
      const progress = progressOf(signal)
      await cancellable(vm, signal, (cancel) => vm.restart({ progress }, cancel))
      return null
    },
    'machines.edit': async ({ machine, settings }, signal) => {
      const vm = machines.get(machine)
      const [old, { contextState = 'absent' }] = [contextOf(vm), vm.describe()]
      const options = { change: settings, signal, progress: progressOf(signal) }
      const edited = await editMachine(machines, vm, options)
      const next = contextOf(vm)
      if (next.name !== old.name && contextState !== 'absent')
        await renameContext(deps, { old, next, isCurrent: contextState === 'current' })
      return edited
    },
    'machines.remove': async ({ machine, typedName }) => {
      const vm = machines.get(machine)
      const { name, socketPath } = contextOf(vm)
      await removeMachine(machines, vm, typedName)
      // What another made of its name, or only root may remove, stays: no reason to keep the machine.
      await setDockerContext({ name, socketPath, description: '' }, gone).catch((error: unknown) =>
        log.warn('machines', 'the docker context of a removed machine stays', { error }),
      )
      await setDefaultSocket(vm, false).catch((error: unknown) =>
        log.warn('machines', 'the link of a removed machine stays', { error }),
      )
      return null
    },
    'machines.reset': async ({ machine, typedName }) => {
      await resetMachine(machines.get(machine), typedName)
      return null
    },
    'machines.setDockerContext': async ({ machine, exists, isCurrent }) => {
      await setDockerContext(contextOf(machines.get(machine)), { exists, isCurrent })
      machines.refresh()
      return null
    },
    'machines.setDefaultSocket': async ({ machine, exists }) => {
      await setDefaultSocket(machines.get(machine), exists)
      return null
    },
  }
}

type ContextPlan = Parameters<VmHandlerDeps['setDockerContext']>[0]
const gone = { exists: false, isCurrent: false }

/**
 * The machine has its new name already: a context that cannot follow is no reason to say that it has not. Where
 * the new one cannot be made the old one stays, and still leads to the machine.
 */
async function renameContext(
  { setDockerContext, onLooked }: VmHandlerDeps,
  { old, next, isCurrent }: { old: ContextPlan; next: ContextPlan; isCurrent: boolean },
): Promise<void> {
  try {
    await setDockerContext(next, { exists: true, isCurrent: false })
    // Before the new one is the current one: it remembers which one was that before it.
    await setDockerContext(old, gone)
    if (isCurrent) await setDockerContext(next, { exists: true, isCurrent })
  } catch (error) {
    log.warn('machines', 'the docker context of a renamed machine keeps its old name', { error })
    onLooked?.()
  }
}

const contextOf = (machine: VmMachine): ContextPlan => {
  const { dockerContext, socketPath, settings } = machine.describe()
  return { name: dockerContext, socketPath, description: `Slipway machine ${settings.name}` }
}

/**
 * A person who cancels ends the start; a client that went away does not: a machine that comes up is not undone
 * because a window was closed. A stop that goes on before the start is left to its end.
 */
async function cancellable(
  vm: VmMachine,
  signal: AbortSignal,
  work: (cancel: AbortSignal) => Promise<void>,
): Promise<void> {
  const cancel = new AbortController()
  const onAbort = (): void => {
    if (!isCode(signal.reason, 'cancelled')) return
    cancel.abort(signal.reason)
    vm.giveUpStart()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await work(cancel.signal)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

type DiskCalls = Pick<
  MachineCalls,
  `machines.${'clone' | 'snapshots' | 'snapshot' | 'restoreSnapshot' | 'removeSnapshot' | 'deletePlan' | 'trim'}`
>

function diskHandlers({ machines, progressOf, countsOf }: VmHandlerDeps): DiskCalls {
  const options = (signal: AbortSignal) => ({ signal, progress: progressOf(signal) })
  return {
    'machines.clone': async ({ machine, name }, signal) => ({
      machine: await cloneMachine(machines, machines.get(machine), { name, ...options(signal) }),
    }),
    'machines.snapshots': ({ machine }) => snapshots(machines.get(machine)),
    'machines.snapshot': async ({ machine, name }, signal) => {
      await takeSnapshot(machines.get(machine), name, options(signal))
      return null
    },
    'machines.restoreSnapshot': async ({ machine, name }, signal) => {
      await restoreSnapshot(machines.get(machine), name, options(signal))
      return null
    },
    'machines.removeSnapshot': async ({ machine, name }) => {
      await removeSnapshot(machines.get(machine), name)
      return null
    },
    'machines.deletePlan': ({ machine }) => deletePlan(machines.get(machine), countsOf(machine)),
    'machines.trim': ({ machine }, signal) => giveBack(machines.get(machine), signal),
  }
}

/** What the disk's file became smaller by: what the guest counts is all that is free in it, given back or not. */
async function giveBack(
  { guest, files, settings }: VmMachine,
  signal: AbortSignal,
): Promise<{ freedBytes: number }> {
  const path = files.diskPath(settings)
  const before = await hostBytes(path)
  await guest.run('trim', [], { signal, timeoutMs: trimMs })
  return { freedBytes: Math.max(0, before - (await hostBytes(path))) }
}

const trimMs = 300_000
const checkMs = 60_000

type ViewCalls = Omit<MachineCalls, keyof LifeCalls | keyof DiskCalls>

function viewHandlers({ machines, dataDir, onLooked }: VmHandlerDeps): ViewCalls {
  return {
    'machines.watch': (_, { signal }) => {
      onLooked?.()
      return watchLatest(
        () => machines.list,
        (listener) => machines.onChanged(listener),
        signal,
      )
    },
    'machines.propose': (_, signal) => propose(machines, dataDir, signal),
    'machines.checkDaemonJson': async ({ machine, daemonJson }, signal) => {
      const said = await machines
        .get(machine)
        .guest.run('check-daemon-json', [], { signal, input: daemonJson, timeoutMs: checkMs })
      return { problems: said.split('\n').filter((line) => line.trim() !== '') }
    },
    'machines.log': async ({ machine }) => ({ lines: await machines.get(machine).log.lines() }),
    'machines.console': ({ machine }, { signal }) => watchConsole(machines.get(machine), signal),
    'machines.usage': ({ machine }, { signal }) => watchUsage(machines.get(machine), signal),
  }
}
