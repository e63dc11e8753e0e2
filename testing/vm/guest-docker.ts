import { run, type Ran, type RunOptions } from '../../src/main/core/platform/child'

/** The host's docker program at a machine's socket. */
export class GuestDocker {
  constructor(readonly socketPath: string) {}

  /** What it printed. Throws when it fails. */
  async say(...args: readonly string[]): Promise<string> {
    return this.in({}, ...args)
  }

  async in(options: RunOptions, ...args: readonly string[]): Promise<string> {
    const ran = await this.try(options, ...args)
    if (ran.code !== 0) throw new Error(`docker ${args.join(' ')}: ${ran.stderr}${ran.stdout}`)
    return ran.stdout.trim()
  }

  try(options: RunOptions, ...args: readonly string[]): Promise<Ran> {
    return run('docker', ['-H', `unix://${this.socketPath}`, ...args], { timeoutMs: 300_000, ...options })
  }

  /** A shell command in a running container. */
  sh(container: string, command: string): Promise<string> {
    return this.say('exec', container, 'sh', '-c', command)
  }

  /** Sends bytes to an address from inside of a container and answers what comes back in `waitS` or until the end. */
  async ask(
    container: string,
    { host, port, bytes, waitS = 4 }: { host: string; port: number; bytes: Buffer; waitS?: number },
  ): Promise<Buffer> {
    const sent = `(echo ${bytes.toString('base64')} | base64 -d; sleep ${waitS})`
    const answer = await this.sh(container, `${sent} | timeout ${waitS + 8} nc -w 8 ${host} ${port} | base64`)
    return Buffer.from(answer, 'base64')
  }

  /** Which of these ports take a connection from inside of a container, as `host:port`. */
  async scan(container: string, hosts: readonly string[], ports: readonly number[]): Promise<string[]> {
    // A closed port refuses at once; the limit is for an emulated machine with dozens of these at a time.
    const one = 'timeout 30 nc -w 25 $h $p </dev/null >/dev/null 2>&1; [ $? -eq 1 ] || echo $h:$p'
    const each = `for h in ${hosts.join(' ')}; do for p in ${ports.join(' ')}; do (${one}) & done; done; wait`
    return (await this.sh(container, each)).split('\n').filter(Boolean).sort()
  }
}
