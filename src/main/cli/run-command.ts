import { dataDirOf, pathsOf } from '../core/platform/paths'
import { serve } from '../serve/serve'
import { askAtTerminal, interrupted, processTerminal } from './cli-terminal'
import { runCli } from './run-cli'

const say = (text: string): void => console.log(text)
const complain = (text: string): void => console.error(text)

/** `slipway` with its words, at this process's terminal. Answers the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCommand(words: readonly string[], rendererDir: string): Promise<number> {
  const [command, ...args] = words
  if (command === 'serve') return serve(args, { rendererDir, say, complain })
  const { coreSocket } = pathsOf(dataDirOf({ env: process.env }))
  const terminal = processTerminal()
  return runCli(words, { coreSocket, say, complain, ask: askAtTerminal, terminal, signal: interrupted() })
}
