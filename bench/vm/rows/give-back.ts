import { stat } from 'node:fs/promises'
import { waitFor } from '../../../src/main/core/platform/wait-for'
import { busyboxImage } from '../../../testing/engine/images'
import { limit } from '../../measure'
import { probeImage } from '../probe'
import { atLeast } from '../tell'
import type { VmRow } from '../vm-row'

const limitMs = 5 * 60_000
const volume = 'bench-bulk'

/** A big file is written in a volume and deleted; nothing is asked to trim. How much the host's disk has back. */
export const giveBack: VmRow = {
  name: 'give-back',
  run: async (lab) => {
    await lab.up()
    const mebibytes = lab.isQuick ? 1024 : 5 * 1024
    const hostBytes = async (): Promise<number> => (await stat(lab.paths.disk)).blocks * 512
    const inVolume = (...args: string[]) => lab.docker('run', '--rm', '-v', `${volume}:/v`, ...args)
    try {
      const empty = await hostBytes()
      await inVolume(probeImage, 'write', '/v/bulk', `${mebibytes}`)
      const full = await hostBytes()
      if (full - empty < mebibytes * 1024 ** 2 * 0.98) throw new Error('the file is not on the disk')
      const startMs = performance.now()
      await inVolume(busyboxImage, 'rm', '/v/bulk')
      let back = 0
      await waitFor(
        async () => {
          back = ((full - (await hostBytes())) / (full - empty)) * 100
          return back >= 99
        },
        { timeoutMs: limitMs, what: 'the rest', everyMs: 500 },
      ).catch(() => undefined)
      const seconds = (performance.now() - startMs) / 1000
      const row = `host disk back after deleting ${mebibytes / 1024} GiB`
      return [
        atLeast({ row, unit: '%' }, back, 90),
        limit({ row: `${row}, until 99 % or given up`, unit: 's' }, seconds, limitMs / 1000),
      ]
    } finally {
      await lab.docker('volume', 'rm', '-f', volume).catch(() => '')
    }
  },
}
