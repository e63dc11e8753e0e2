import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { waitFor } from '../../../src/main/core/platform/wait-for'
import { limit } from '../../measure'
import { probeImage } from '../probe'
import { waitMs, type VmLab } from '../vm-lab'
import type { VmRow } from '../vm-row'

const writers = ['one', 'two']
const recordBytes = 8
const volume = 'bench-kills'
const noticedMs = 3_000

/**
 * QEMU is killed while two containers append and fsync. A number counts as acknowledged when the host has read it.
 * After the next boot, and before anything writes again, every such record must stand there.
 */
export const kills: VmRow = {
  name: 'kills',
  run: async (lab) => {
    const times = lab.isQuick ? 5 : 50
    const acknowledged = new Map(writers.map((writer) => [writer, 0]))
    let lost = 0
    let total = 0
    await lab.up()
    try {
      for (let at = 0; at < times; at++) {
        await writeAndKill(lab, acknowledged)
        await lab.up()
        for (const [writer, number] of acknowledged) {
          const whole = await wholeOf(lab, writer)
          lost += Math.max(0, number - whole) * recordBytes
          acknowledged.set(writer, whole)
        }
        total = [...acknowledged.values()].reduce((sum, one) => sum + one, 0)
        console.log(`  kill ${at + 1} of ${times}: ${total} records stand, ${lost} bytes lost`)
      }
      const row = `acknowledged bytes lost in ${times} kills of QEMU (${total} fsyncs)`
      return [limit({ row, unit: 'bytes' }, lost, 0)]
    } finally {
      await lab.docker('volume', 'rm', '-f', volume).catch(() => '')
    }
  },
}

async function writeAndKill(lab: VmLab, acknowledged: Map<string, number>): Promise<void> {
  const before = new Map(acknowledged)
  const running = writers.map((writer) => {
    const args = ['run', '--rm', '-v', `${volume}:/v`, probeImage, 'count', `/v/${writer}`]
    const child = lab.spawned('docker', ['-H', `unix://${lab.paths.engineSocket}`, ...args])
    if (!child.stdout) throw new Error('docker run has no output')
    createInterface({ input: child.stdout }).on('line', (line) => acknowledged.set(writer, Number(line)))
    return child
  })
  const isWriting = (): boolean =>
    writers.every((writer) => (acknowledged.get(writer) ?? 0) > (before.get(writer) ?? 0) + 5)
  await waitFor(isWriting, { timeoutMs: waitMs, what: 'both to write' })
  await pause(randomInt(50, 1500))
  process.kill(lab.pid, 'SIGKILL')
  await lab.untilState('failed')
  for (const child of running) child.kill('SIGKILL')
  await waitFor(() => running.every((child) => child.exitCode !== null || child.signalCode !== null), {
    ...{ timeoutMs: 30_000, what: 'the ends of docker run' },
  })
}

/** A link that was lost on the way is said and taken up again: reading changes nothing. */
async function wholeOf(lab: VmLab, writer: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      const said = await lab.docker('run', '--rm', '-v', `${volume}:/v`, probeImage, 'check', `/v/${writer}`)
      return (JSON.parse(said) as { whole: number }).whole
    } catch (error) {
      if (tries === 3) throw error
      console.log(`  asked again after: ${String(error).slice(0, 300)}`)
      // A machine that has just died may still be called running, and would not be started.
      await pause(noticedMs)
      await lab.up()
    }
  }
}
