import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'

/** A `ProxyCommand` of the person's own config: its stdin and stdout carry the connection. */
export const commandRoad =
  (command: string) =>
  (signal: AbortSignal): Promise<Duplex> => {
    signal.throwIfAborted()
    // As ssh runs it: by a shell, which it then replaces.
    const child =
      process.platform === 'win32'
        ? spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
        : spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'ignore'] })
    const road = Duplex.from({ readable: child.stdout, writable: child.stdin })
    child.once('error', (error) => road.destroy(error))
    road.once('close', () => child.kill())
    road.on('error', () => undefined)
    return Promise.resolve(road)
  }
