import { AppError } from '../../../../../shared/errors'
import { pause } from '../../../platform/wait-for'
import type { BootDeps, Booted, BootRequest } from './boot-request'
import { within } from './boot-stage'
import { engineAnswers } from './engine-ping'
import type { GuestConsole } from '../guest/guest-console'
import type { MachineKeys } from '../guest/guest-config'
import type { Guest } from '../guest'
import type { Started } from '../kept/machine-files'
import type { MachineLog } from '../kept/machine-log'
import type { Rising } from './rise'

const tunnelPauseMs = 300
const clockMs = 20_000
const enginePauseMs = 1_000

/** From the guest's sshd to its engine. */
export async function reach(
  deps: Pick<BootDeps, 'openGuest' | 'log'>,
  { timeline }: Pick<BootRequest, 'timeline'>,
  { rising, keys, started }: { rising: Rising; keys: MachineKeys; started: Started },
): Promise<Booted> {
  timeline.begin('tunnel')
  const staged = { timeline, signal: rising.signal }
  const guest = await within(staged, 'tunnel', (limit) => open(deps, { rising, keys, signal: limit }))
  timeline.begin('engine')
  // Beside the wait for the engine: a second of a resume is worth having.
  if (timeline.record.way !== 'cold') void setClock(guest, rising.signal, deps.log)
  const booted = { ...{ vm: rising.vm, console: rising.console }, guest, keys, started }
  try {
    await within(staged, 'engine', (limit) => untilEngine(rising.console, guest, limit))
    return booted
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'machine.boot-timeout') {
      guest.close()
      throw error
    }
    deps.log.step('the engine did not answer in time')
    return { ...booted, engineError: error }
  }
}

/** The clock of a guest that stood is behind by the time it was away. */
async function setClock(guest: Guest, signal: AbortSignal, log: MachineLog): Promise<void> {
  await guest
    .run('after-resume', [String(Date.now())], { signal, timeoutMs: clockMs })
    .catch((error: unknown) => {
      // Nobody waits for this: a start that was given up tells so itself.
      if (!signal.aborted) log.step('the clock was not set', { error: String(error) })
    })
}

/** An early knock may be refused while sshd still begins; a wrong key is refused for good. */
async function open(
  { openGuest }: Pick<BootDeps, 'openGuest'>,
  { rising, keys, signal }: { rising: Rising; keys: MachineKeys; signal: AbortSignal },
): Promise<Guest> {
  for (;;) {
    const { host, port } = await rising.vm.sshAddress(signal)
    try {
      return await openGuest(
        { host, port, privateKey: keys.userPrivate, hostKey: publicPart(keys.hostPublic) },
        signal,
      )
    } catch (error) {
      signal.throwIfAborted()
      if (isForGood(error)) throw error
      await pause(tunnelPauseMs, signal)
    }
  }
}

export const isForGood = (error: unknown): boolean =>
  error instanceof AppError && /host-key|auth-failed/.test(error.code)

export const publicPart = (line: string): string => line.split(' ').slice(0, 2).join(' ')

async function untilEngine(console: GuestConsole, guest: Guest, signal: AbortSignal): Promise<void> {
  const dial = (limit: AbortSignal): ReturnType<Guest['dialUnix']> =>
    guest.dialUnix('/run/docker.sock', limit)
  while (!(await engineAnswers(dial, signal))) {
    // The guest says when it is up; asking now and then covers a resume, which says nothing.
    const said = console.reached('engine', { signal, timeoutMs: enginePauseMs }).catch(() => undefined)
    await (console.has('engine') ? pause(enginePauseMs / 5, signal) : said)
    signal.throwIfAborted()
  }
}
