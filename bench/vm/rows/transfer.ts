import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { loadImage } from '../../../testing/engine/images'
import { judge, pairs, timed } from '../../measure'
import type { VmRow } from '../vm-row'

const reference = 'slipway-bench/transfer:latest'

/** The same CLI saves and loads the same image, at our socket and over its own SSH road. */
export const transfer: VmRow = {
  name: 'transfer',
  run: async (lab) => {
    await lab.up()
    const layerMiB = lab.isQuick ? 4 : 16
    const layerBytes = layerMiB * 1024 ** 2
    const layers = [0, 1, 2, 3].map((n) => [
      { name: `layer-${n}`, data: n % 2 === 0 ? randomBytes(layerBytes) : Buffer.alloc(layerBytes, n) },
    ])
    await loadImage(lab.paths.engineSocket, { reference, layers })
    const [theirs, ours] = [join(lab.dir, 'theirs.tar'), join(lab.dir, 'ours.tar')]
    await lab.docker('save', '-o', ours, reference)
    const megabytes = statSync(ours).size / 1e6
    const rate = async (work: () => Promise<unknown>): Promise<number> =>
      (megabytes / (await timed(work))) * 1000
    // The image must be gone, or the engine has nothing to do.
    const gone = (): Promise<string> => lab.docker('rmi', '-f', reference).catch(() => '')
    const save = await pairs(
      lab.pairs,
      () => rate(() => lab.dockerOverSsh('save', '-o', theirs, reference)),
      () => rate(() => lab.docker('save', '-o', ours, reference)),
    )
    const load = await pairs(
      lab.pairs,
      async () => (await gone(), rate(() => lab.dockerOverSsh('load', '-i', ours))),
      async () => (await gone(), rate(() => lab.docker('load', '-i', ours))),
    )
    await gone()
    const about = (what: string) => ({
      row: `${what} of a ${4 * layerMiB} MiB image at our socket, against docker -H ssh://`,
      ...{ unit: 'MB/s', isRate: true },
    })
    return [judge(about('save'), save, { atLeast: 1 }), judge(about('load'), load, { atLeast: 1 })]
  },
}
