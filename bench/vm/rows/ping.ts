import { spawn } from 'node:child_process'
import { Agent } from 'node:http'
import { once } from 'node:events'
import { judge, median, pairs, timed } from '../../measure'
import { probeImage } from '../probe'
import { sshConfig } from '../ssh-target'
import type { VmLab } from '../vm-lab'
import type { VmRow } from '../vm-row'

const times = 100

/**
 * `GET /_ping` at our socket on the host. Against what `docker -H ssh://` does for each command (`ssh HOST docker
 * system dial-stdio`, without the CLI's own start), and against the same engine's socket inside the machine.
 */
export const ping: VmRow = {
  name: 'ping',
  run: async (lab) => {
    await lab.up()
    const config = sshConfig(lab.ssh, lab.dir)
    const fresh = (): Promise<number> => ourPing(lab)
    const overSsh = await pairs(lab.pairs, () => timed(() => dialStdio(config)), fresh)
    await lab.docker('rm', '-f', 'bench-ping').catch(() => '')
    const bind = '/run/docker.sock:/run/docker.sock'
    await lab.docker('run', '-d', '--name', 'bench-ping', '-v', bind, probeImage, 'serve', '9')
    try {
      const inGuest = (what: 'freshMs' | 'keptMs') => async (): Promise<number> => {
        const said = await lab.docker('exec', 'bench-ping', '/probe', 'ping', '/run/docker.sock', `${times}`)
        return (JSON.parse(said) as Record<typeof what, number>)[what]
      }
      const kept = await pairs(lab.pairs, inGuest('keptMs'), () => ourPing(lab, true))
      const anew = await pairs(lab.pairs, inGuest('freshMs'), fresh)
      return [
        judge({ row: '_ping at our socket, against the road of docker -H ssh://', unit: 'ms' }, overSsh, {
          atLeast: 25,
        }),
        judge(
          { row: '_ping at our socket, kept connection, against the socket in the machine', unit: 'ms' },
          kept,
          { atMost: 2 },
        ),
        judge(
          { row: '_ping at our socket, new connection, against the socket in the machine', unit: 'ms' },
          anew,
          { atMost: 2 },
        ),
      ]
    } finally {
      await lab.docker('rm', '-f', 'bench-ping').catch(() => '')
    }
  },
}

/** The median of many, one after the other. */
async function ourPing(lab: VmLab, isKept = false): Promise<number> {
  const agent = isKept ? new Agent({ keepAlive: true, maxSockets: 1 }) : undefined
  const all: number[] = []
  for (let at = 0; at < times; at++)
    all.push(
      await timed(async () => {
        const code = await lab.ask('/_ping', agent)
        if (code !== 200) throw new Error(`_ping was answered with ${code}`)
      }),
    )
  agent?.destroy()
  return median(all)
}

async function dialStdio(config: string): Promise<void> {
  const child = spawn('ssh', ['-F', config, '127.0.0.1', 'docker', 'system', 'dial-stdio'])
  let said = ''
  const answered = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.endsWith('\r\n\r\nOK')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`ssh ended with ${code} before the answer: ${said}`)))
  })
  child.stdin.write('GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n')
  await answered
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
