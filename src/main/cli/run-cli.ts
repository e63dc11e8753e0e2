import { MessageChannel } from 'node:worker_threads'
import type { Client } from '../../shared/contract'
import { createClient } from '../../shared/contract/client'
import { clientOverPort, coreOverPort } from '../../shared/contract/message-port-transport'
import { AppError } from '../../shared/errors'
import { joinCore } from '../core/core'
import type { CliIo } from './command'
import { commands, help } from './commands'
import { readArgs } from './read-args'
import { printable, printableLines } from './table'

export interface CliSurroundings extends CliIo {
  readonly coreSocket: string
}

/** One command for a running core. Answers the exit code: 0 done, 1 failed, 2 was not understood. */
export async function runCli(argv: readonly string[], around: CliSurroundings): Promise<number> {
  const reading = readArgs(argv, commands, help)
  if (reading.kind === 'help') {
    around.say(reading.text)
    return 0
  }
  if (reading.kind === 'wrong') {
    around.complain(printableLines(reading.text))
    return 2
  }
  const { command, words, options, isJson } = reading
  try {
    const { text, data, exitCode } = await withCore(around.coreSocket, (client) =>
      command.run({ client, words, options, io: around }),
    )
    if (isJson) around.say(JSON.stringify(data ?? {}, null, 2))
    else if (text !== '') around.say(text)
    return exitCode ?? 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, facts } = error
    around.complain(isJson ? JSON.stringify({ error: { code, message, facts } }) : printable(message))
    return 1
  }
}

async function withCore<T>(socketPath: string, run: (client: Client) => Promise<T>): Promise<T> {
  const core = await joinCore(socketPath)
  if (!core) throw new AppError('core.gone', 'Slipway is not running: open the app, or run slipway serve')
  const { port1, port2 } = new MessageChannel()
  core.accept(clientOverPort(port2))
  const client = createClient(coreOverPort(port1))
  try {
    return await run(client)
  } finally {
    client.close()
    await core.close()
  }
}
