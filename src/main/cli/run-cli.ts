import { MessageChannel } from 'node:worker_threads'
import type { Client } from '../../shared/contract'
import { createClient } from '../../shared/contract/client'
import { clientOverPort, coreOverPort } from '../../shared/contract/message-port-transport'
import { AppError } from '../../shared/errors'
import { joinCore } from '../core/core'
import { commands, help, type Command } from './commands'
import { printable } from './table'

export interface CliSurroundings {
  readonly coreSocket: string
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
}

/** One command for a running core. Answers the exit code: 0 done, 1 failed, 2 was not understood. */
export async function runCli(argv: readonly string[], around: CliSurroundings): Promise<number> {
  const [name = '--help', ...args] = argv
  if (['--help', '-h', 'help'].includes(name)) {
    around.say(help)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command || !isCountRight(command, args)) {
    around.complain(
      command ? `slipway ${name}: see slipway --help` : `There is no command ${printable(name)}\n\n${help}`,
    )
    return 2
  }
  try {
    const text = await withCore(around.coreSocket, (client) => command.run(client, args))
    if (text !== '') around.say(text)
    return 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    around.complain(printable(error.message))
    return 1
  }
}

const isCountRight = ({ takes }: Command, { length }: readonly string[]): boolean =>
  takes === 'some' ? length > 0 : length === (takes === 'one' ? 1 : 0)

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
