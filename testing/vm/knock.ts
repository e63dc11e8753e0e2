import { run } from '../../src/main/core/platform/child'
import type { GuestDocker } from './guest-docker'

// What a stranger sends to a door.

/** The headers of a WebSocket's client. */
export const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

export function request(line: string, host: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const all = Object.entries({ host, connection: 'close', ...headers })
  const lines = [`${line} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), '', '']
  return Buffer.from(lines.join('\r\n'))
}

/** A text of at most 125 bytes as a WebSocket's client sends it, masked with zeros. */
export const textFrame = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])

/** What the host's `ssh` is told through a container's connection, without a key. Throws when it gets in. */
export async function sshThrough(
  { socketPath }: GuestDocker,
  container: string,
  { host, port }: { host: string; port: number },
): Promise<string> {
  const road = `docker -H unix://${socketPath} exec -i ${container} nc ${host} ${port}`
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null']
  const args = [...options, 'IdentitiesOnly=yes', `ProxyCommand=${road}`].flatMap((each) => ['-o', each])
  const asked = ['-F', 'none', '-i', 'none', ...args, 'root@machine', 'true']
  const { code, stderr } = await run('ssh', asked, { timeoutMs: 120_000 })
  if (code !== 255) throw new Error(`ssh got in, with code ${code}`)
  return stderr
}
