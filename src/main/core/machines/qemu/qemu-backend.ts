import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { AppError } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { timeLimit } from '../../platform/time-limit'
import { waitFor } from '../../platform/wait-for'
import type { Backend, BackendFacts, RunningVm, VmSpec } from '../vm/backend'
import { padded } from '../vm/guest/cpio'
import { withSignal } from '../../platform/with-signal'
import { ConsoleTail, newConsoleFile, sameConsoleFile } from './console-tail'
import { findQemu, type FoundQemu, type QemuPlace } from './probe'
import { takeOver } from './left-behind'
import { qemuArgs } from './qemu-args'
import {
  findProcess,
  hasEnded,
  killQemu,
  lastWords,
  spawnQemu,
  type FoundProcess,
  type QemuProcess,
} from './qemu-process'
import { QemuVm, startProblem } from './qemu-vm'
import { Qmp } from './qmp'
import { takeStartLock } from '../vm/kept/start-lock'

/** A frozen one does not answer at all; a busy one does in this time. */
const adoptMs = 5_000
/** A probe is asked for by windows and starts alike; what is installed changes seldom. */
const probeKeptMs = 60_000
/** More than all its tries take when each of them hangs. */
const probeMs = 60_000

/** QEMU with the best accelerator of this host. */
export class QemuBackend implements Backend {
  readonly kind = 'qemu'
  #probed: { readonly atMs: number; readonly found: Promise<FoundQemu | BackendFacts> } | undefined

  constructor(private readonly place: QemuPlace) {}

  async probe(signal: AbortSignal): Promise<BackendFacts> {
    const found = await this.#find(signal)
    return 'facts' in found ? found.facts : found
  }

  async start(spec: VmSpec, signal: AbortSignal): Promise<RunningVm> {
    const qemu = await this.#working(signal)
    await mkdir(spec.runDir, { recursive: true, mode: 0o700 })
    const unlock = await takeStartLock(spec.files.startLock)
    try {
      if (await findProcess(spec)) throw startProblem('the machine is already in use', spec)
      return await this.#spawn(spec, qemu, signal)
    } finally {
      await unlock()
    }
  }

  async adopt(spec: VmSpec, signal: AbortSignal): Promise<RunningVm | undefined> {
    const process = await findProcess(spec)
    if (!process) return undefined
    try {
      const qmp = await Qmp.connect(spec.files.qmp, { signal, timeoutMs: adoptMs })
      const found = await takeOver(qmp, spec, signal)
      if (found === 'never-ran') {
        log.warn('machines', 'a QEMU whose guest had not begun, or is saved, was ended', {
          machine: spec.name,
        })
        qmp.close()
        await killQemu(process)
        return undefined
      }
      const accelerator = await this.#acceleratorOf(process, signal)
      const console = new ConsoleTail(spec.files.console)
      await console.drained()
      return new QemuVm({ spec, process, qmp, console, accelerator, isStanding: found === 'stands' })
    } catch (error) {
      log.warn('machines', 'a QEMU that does not answer was ended', {
        machine: spec.name,
        pid: process.pid,
        error,
      })
      await killQemu(process)
      return undefined
    }
  }

  /** QEMU greets one at a time: where it greets us, nobody holds it. */
  async endStray(spec: VmSpec, signal: AbortSignal): Promise<boolean> {
    const process = await findProcess(spec)
    if (!process) return false
    try {
      const qmp = await Qmp.connect(spec.files.qmp, { signal, timeoutMs: adoptMs })
      qmp.close()
    } catch (error) {
      log.warn('machines', 'a QEMU that another core may hold was left alone', { pid: process.pid, error })
      return false
    }
    await killQemu(process)
    return true
  }

  /** The processor counts where the guest sees it as it is: another host is another machine. */
  stateKey(spec: VmSpec, facts: BackendFacts): string {
    const { cpus: count, memoryMiB, image, dataDisk } = spec
    const processor = facts.accelerator?.isEmulated ? 'emulated' : (cpus()[0]?.model ?? '')
    const parts = [
      facts.version,
      facts.accelerator?.name,
      processor,
      count,
      memoryMiB,
      image.id,
      dataDisk.sizeBytes,
    ]
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  }

  async #spawn(spec: VmSpec, qemu: FoundQemu, signal: AbortSignal): Promise<RunningVm> {
    const { files } = spec
    await Promise.all([files.qmp, files.pid].map((path) => rm(path, { force: true })))
    await writeInitrd(spec)
    if (spec.resumeFrom) await sameConsoleFile(files.console)
    else await newConsoleFile(files.console, files.consoleBefore)
    const args = qemuArgs(spec, qemu.features)
    log.info('machines', 'qemu starts', { program: qemu.program, args: args.join(' ') })
    const process = await spawnQemu(qemu.program, args, files.hypervisorLog)
    try {
      const qmp = await this.#control(spec, process, signal)
      if (this.place.platform !== 'win32') await chmod(files.qmp, 0o600)
      await rm(files.initrd, { force: true })
      const accelerator = known(qemu.facts.accelerator)
      const console = new ConsoleTail(files.console)
      // What was said before the suspend is known before anybody listens for what is new.
      if (spec.resumeFrom) await console.drained()
      return new QemuVm({ spec, process, qmp, console, accelerator })
    } catch (error) {
      await killQemu(process).catch(() => undefined)
      throw error
    }
  }

  /** The control socket comes before the disks are opened, and answers after: QEMU has started then. */
  async #control(spec: VmSpec, process: QemuProcess, signal: AbortSignal): Promise<Qmp> {
    const open = async (): Promise<Qmp | undefined> => {
      if (await hasEnded(process)) throw startProblem(await lastWords(spec.files.hypervisorLog), spec)
      return Qmp.connect(spec.files.qmp, { signal }).catch((error: unknown) => {
        signal.throwIfAborted()
        log.debug('machines', 'qmp is not there yet', { error })
        return undefined
      })
    }
    return waitFor(open, { signal, timeoutMs: 60_000, what: 'the control socket of QEMU', everyMs: 25 })
  }

  /** A VM that runs knows it best; the probe, should it come to an end, why there is no better one. */
  async #acceleratorOf(
    { accelerator: name }: FoundProcess,
    signal: AbortSignal,
  ): Promise<RunningVm['accelerator']> {
    const probing = this.#working(signal).then(({ facts }) => facts.accelerator)
    if (name === undefined) return known(await probing)
    const probed = await probing.catch(() => undefined)
    return probed?.name === name ? probed : { name, isEmulated: name === 'tcg' }
  }

  async #working(signal: AbortSignal): Promise<FoundQemu> {
    const found = await this.#find(signal)
    if ('facts' in found) return found
    const { reason = '', mend } = found
    const facts = { backend: 'qemu', reason, ...(mend && { mend }) }
    throw new AppError('machine.unavailable', `QEMU is not available: ${reason}`, { facts })
  }

  #find(signal: AbortSignal): Promise<FoundQemu | BackendFacts> {
    const isFresh = this.#probed && performance.now() - this.#probed.atMs < probeKeptMs
    if (this.#probed && isFresh) return withSignal(this.#probed.found, signal)
    // It belongs to none of those who ask: each leaves by its own signal, and the probe goes on for the others.
    const found = findQemu(this.place, timeLimit(undefined, probeMs))
    const probed = { atMs: performance.now(), found }
    this.#probed = probed
    const forget = (): void => {
      if (this.#probed === probed) this.#probed = undefined
    }
    // One that failed, or found nothing, is no answer for the next who asks.
    found.then((result) => !('facts' in result) && forget(), forget)
    return withSignal(found, signal)
  }
}

function known(accelerator: BackendFacts['accelerator']): RunningVm['accelerator'] {
  if (!accelerator) throw new Error('a QEMU that works has an accelerator')
  return accelerator
}

/** The kernel finds a second archive only where the first one ends on 4 bytes. */
async function writeInitrd({ image, configCpio, files }: VmSpec): Promise<void> {
  const [initrd, config] = await Promise.all([readFile(image.initrd), readFile(configCpio)])
  await writeFile(files.initrd, Buffer.concat([padded(initrd), config]), { mode: 0o600 })
}
