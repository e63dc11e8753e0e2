import { join } from 'node:path'
import { dataDirOf, pathsOf } from '../core/platform/paths'
import { serve } from '../serve/serve'
import { askAtTerminal, interrupted, processTerminal } from './cli-terminal'
import { runCli } from './run-cli'

const say = (text: string): void => console.log(text)
const complain = (text: string): void => console.error(text)
const [command, ...args] = process.argv.slice(2)

process.exitCode =
  command === 'serve'
    ? // Beside this file in the build.
      await serve(args, { rendererDir: join(import.meta.dirname, '..', 'renderer'), say, complain })
    : await runCli(process.argv.slice(2), {
        coreSocket: pathsOf(dataDirOf({ env: process.env })).coreSocket,
        say,
        complain,
        ask: askAtTerminal,
        terminal: processTerminal(),
        signal: interrupted(),
      })
