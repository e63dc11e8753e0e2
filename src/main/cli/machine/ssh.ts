import type { ClientStream } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { Machine, TerminalEnd, TerminalInput, TerminalItem } from '../../../shared/model'
import type { Answer, CliIo, Command } from '../command'
import { findMachine, machinesOf } from './find-machine'

/** What a shell ends with when it could not be told how. */
const lostCode = 255

/** A shell in a machine, or one command in it, at this terminal. Its exit code is ours. */
export const sshCommand: Command = {
  words: [0, Number.POSITIVE_INFINITY],
  passesOn: true,
  help: `slipway ssh [MACHINE] [COMMAND...]: a shell in a machine, or one command in it

slipway machine ssh is the same. The first word is a machine when one has that name; without it the only machine is meant.
The exit code is the command's. It goes over Slipway's own connection: no keys and no port are needed.
`,
  run: async ({ client, words, io }) => {
    const { machine, command } = meant(await machinesOf(client), words)
    const { session } = await client.call(
      'terminal.open',
      { kind: 'machine', machine: machine.id, command: [...command], ...io.terminal.size },
      io.signal,
    )
    try {
      return await attach(client.stream('terminal.attach', { session: session.id }), io)
    } finally {
      // It may have ended by itself, which is as wished.
      await client.call('terminal.close', { session: session.id }).catch(() => null)
    }
  },
}

function meant(
  machines: readonly Machine[],
  words: readonly string[],
): { readonly machine: Machine; readonly command: readonly string[] } {
  const [first, ...rest] = words
  const named = machines.find(({ settings, id }) => settings.name === first || id === first)
  return named ? { machine: named, command: rest } : { machine: only(machines, first), command: words }
}

function only(machines: readonly Machine[], first: string | undefined): Machine {
  if (machines.length > 1 && first !== undefined)
    throw new AppError(
      'machine.unknown',
      `There is no machine ${first}, and there are ${machines.length} others`,
    )
  return findMachine(machines, undefined)
}

async function attach(stream: ClientStream<TerminalItem, TerminalInput>, io: CliIo): Promise<Answer> {
  const { terminal } = io
  const send = (input: TerminalInput): void => void stream.send(input).catch(() => undefined)
  const undo = [terminal.onInput(send), terminal.onResize(send)]
  const cancel = (): void => stream.cancel()
  io.signal.addEventListener('abort', cancel, { once: true })
  try {
    for await (const item of stream) {
      if (item instanceof Uint8Array) await terminal.write(item)
      else if (item.kind === 'ended') return ended(item)
    }
  } finally {
    io.signal.removeEventListener('abort', cancel)
    for (const step of undo) step()
  }
  return { text: '', exitCode: lostCode }
}

function ended({ exitCode, error }: TerminalEnd): Answer {
  if (error) throw AppError.fromWire(error)
  return { text: '', exitCode: exitCode ?? lostCode }
}
