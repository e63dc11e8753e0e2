import type { Machine } from '../../../../../shared/model'
import { quoteShell } from '../../../../../shared/run'

/** What a shell needs so that docker and its friends use this machine. On Windows the address is a pipe. */
export function exportLine({ socketPath }: Pick<Machine, 'socketPath'>): string {
  if (socketPath.startsWith('\\\\')) return `$env:DOCKER_HOST = 'npipe://${socketPath.replaceAll('\\', '/')}'`
  return `export DOCKER_HOST=${quoteShell(`unix://${socketPath}`)}`
}
