import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from '../../scripts/vm/shell'

/** A machine as OpenSSH's own `ssh` reaches it. */
export interface SshTarget {
  readonly port: number
  readonly keyFile: string
  /** `ssh-ed25519 AAAA…`. */
  readonly hostKey: string
}

/** A config for `ssh -F`: nothing of the person's own `~/.ssh` counts. */
export function sshConfig({ port, keyFile, hostKey }: SshTarget, dir: string): string {
  const hosts = join(dir, 'known_hosts')
  writeFileSync(hosts, `[127.0.0.1]:${port} ${hostKey}\n`)
  const config = join(dir, 'ssh_config')
  const lines = [
    ...['Host *', `Port ${port}`, 'User root', `IdentityFile ${keyFile}`, 'IdentitiesOnly yes'],
    ...[`UserKnownHostsFile ${hosts}`, 'StrictHostKeyChecking yes', 'BatchMode yes', 'LogLevel ERROR'],
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  return config
}

/** One command over a connection of its own. */
export async function sshRun(target: SshTarget, command: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'slb-ssh-'))
  try {
    return await runTool('ssh', ['-F', sshConfig(target, dir), '127.0.0.1', command])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
