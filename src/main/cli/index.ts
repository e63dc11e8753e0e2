import { join } from 'node:path'
import { runCommand } from './run-command'

// Beside this file in the build.
process.exitCode = await runCommand(process.argv.slice(2), join(import.meta.dirname, '..', 'renderer'))
