import { constants, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { ReadStream } from 'node:tty'
import { waitFor } from '../../platform/wait-for'

/**
 * Opens the terminal whose name HyperKit wrote to `nameFile`. HyperKit holds the other end and lets go of
 * what nobody reads, so a guest never waits for us, and another core can open it again after this one.
 */
export async function openTerminal(nameFile: string, signal: AbortSignal): Promise<ReadStream> {
  const device = await waitFor(() => readFile(nameFile, 'utf8').catch(() => undefined), {
    signal,
    timeoutMs: 10_000,
    what: 'the serial port',
    everyMs: 10,
  })
  // Ours must not become the terminal that a Ctrl-C of the guest's console is meant for.
  const fd = openSync(device, constants.O_RDWR | constants.O_NOCTTY)
  const terminal = new ReadStream(fd)
  // Else the terminal would echo what the guest says back to it as if typed.
  terminal.setRawMode(true)
  return terminal
}
