import { readFile } from 'node:fs/promises'
import type { GuestConsole } from '../guest/guest-console'
import type { VmMachine } from '../vm-machine'

/** A reader that has not taken this much loses the oldest: a console is for looking, and the file has it. */
const maxWaiting = 512
const maxKeptBytes = 256 * 1024

/**
 * The serial console of a machine, over its runs: what was kept of the present one (of the last, when none is
 * there), then what comes.
 */
export async function* watchConsole(machine: VmMachine, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = []
  let wake = (): void => undefined
  let followed: GuestConsole | undefined
  let undo = (): void => undefined
  const put = (bytes: Uint8Array): void => {
    waiting.push(bytes)
    if (waiting.length > maxWaiting) waiting.shift()
    wake()
  }
  const follow = (): void => {
    if (machine.console === followed || !machine.console) return
    undo()
    followed = machine.console
    undo = followed.listen(put)
  }
  if (!machine.console) put(await lastOf(machine.files.paths.console))
  follow()
  const forget = machine.onChanged(follow)
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      const bytes = waiting.shift()
      if (bytes) yield bytes
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    forget()
    undo()
    signal.removeEventListener('abort', onAbort)
  }
}

async function lastOf(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  return bytes.subarray(-maxKeptBytes)
}
