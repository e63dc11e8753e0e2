import { createInterface } from 'node:readline/promises'
import type { CliTerminal, TerminalSize } from './command'

const usualSize: TerminalSize = { cols: 80, rows: 24 }

/** This process's own terminal, or what stands in its place: pipes. */
export function processTerminal(): CliTerminal {
  const { stdin, stdout } = process
  const sizeNow = (): TerminalSize =>
    stdout.isTTY ? { cols: stdout.columns || 80, rows: stdout.rows || 24 } : usualSize
  return {
    isInteractive: Boolean(stdin.isTTY && stdout.isTTY),
    get size() {
      return sizeNow()
    },
    write: (bytes) => new Promise((resolve) => stdout.write(bytes, () => resolve())),
    onInput: (listener) => {
      const take = (bytes: Buffer): void => listener(new Uint8Array(bytes))
      // The end of a pipe is what Ctrl-D is at a terminal.
      const end = (): void => listener(Uint8Array.of(4))
      if (stdin.isTTY) stdin.setRawMode(true)
      stdin.on('data', take).once('end', end)
      stdin.resume()
      return () => {
        stdin.off('data', take).off('end', end)
        if (stdin.isTTY) stdin.setRawMode(false)
        stdin.pause()
      }
    },
    onResize: (listener) => {
      const tell = (): void => listener(sizeNow())
      stdout.on('resize', tell)
      return () => stdout.off('resize', tell)
    },
  }
}

/** A question at the terminal; `undefined` where there is none. */
export async function askAtTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  const asked = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await asked.question(question)
  } finally {
    asked.close()
  }
}

/** Aborted by the first Ctrl-C; the second one ends the process as usual. */
export function interrupted(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort())
  return controller.signal
}
