import { connect, type Socket } from 'node:net'
import { waitFor } from '../../../src/main/core/platform/wait-for'
import { judge, median, pairs, timed } from '../../measure'
import { freePort } from '../../../testing/ports/free-port'
import { probeImage } from '../probe'
import { waitMs } from '../vm-lab'
import type { VmRow } from '../vm-row'

const name = 'bench-port'
const mebibytes = 64
const connections = 50

/** A published port of a container, as it stands on the host, against `ssh -L` to the same port of the machine. */
export const ports: VmRow = {
  name: 'ports',
  run: async (lab) => {
    await lab.up()
    await lab.docker('rm', '-f', name).catch(() => '')
    const port = await freePort()
    const forward = await lab.sshForward(port)
    await lab.docker('run', '-d', '--name', name, '-p', `${port}:80`, probeImage, 'serve', '80')
    try {
      const appears = { timeoutMs: waitMs, what: 'the published port' }
      await waitFor(
        () =>
          connectOnce(port).then(
            () => true,
            () => false,
          ),
        appears,
      )
      const peer = forward.port
      const connecting = await pairs(
        lab.pairs,
        () => connectMs(peer),
        () => connectMs(port),
      )
      const flowing = await pairs(
        lab.pairs,
        () => flowRate(peer),
        () => flowRate(port),
      )
      const road = (await lab.facts()).ports.find((each) => each.port === port)?.road
      console.log(`  the port's road: ${road}`)
      const about = 'of a published port, against ssh -L'
      return [
        judge({ row: `throughput ${about}`, unit: 'MB/s', isRate: true }, flowing, { atLeast: 0.85 }),
        judge({ row: `connect and first byte ${about}`, unit: 'ms' }, connecting, { atMost: 2.5 }),
      ]
    } finally {
      forward.stop()
      await lab.docker('rm', '-f', name).catch(() => '')
    }
  },
}

async function connectMs(port: number): Promise<number> {
  const all: number[] = []
  for (let at = 0; at < connections; at++) all.push(await timed(() => connectOnce(port)))
  return median(all)
}

/** A connection counts when a byte has come back: roads answer the handshake themselves. */
async function connectOnce(port: number): Promise<void> {
  if ((await received(port, 'p')) !== 1) throw new Error('no byte came back')
}

async function flowRate(port: number): Promise<number> {
  let bytes = 0
  const ms = await timed(async () => {
    bytes = await received(port, `d${String(mebibytes).padStart(8, '0')}`)
  })
  if (bytes !== mebibytes * 1024 ** 2) throw new Error(`only ${bytes} bytes came`)
  return bytes / 1e3 / ms
}

function received(port: number, asked: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(asked))
    let bytes = 0
    socket.on('data', (chunk) => (bytes += chunk.length))
    socket.on('error', reject)
    socket.on('close', () => resolve(bytes))
  })
}
