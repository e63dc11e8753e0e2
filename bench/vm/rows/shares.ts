import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../../../scripts/vm/shell'
import { judge, pairs, type Result } from '../../measure'
import { tell } from '../tell'
import { probeImage, probePath } from '../probe'
import { sshRun } from '../ssh-target'
import type { VmLab } from '../vm-lab'
import type { VmRow } from '../vm-row'

const name = 'bench-share'
const files = 300
const mebibytes = 64

type Ask = (...args: string[]) => Promise<number>

/** One program on three places: the host's folder by itself, the same folder shared, the machine's own disk. */
export const shares: VmRow = {
  name: 'shares',
  run: async (lab) => {
    await lab.up()
    await lab.docker('rm', '-f', name).catch(() => '')
    mkdirSync(join(lab.shared, 'bench'), { recursive: true })
    const mounts = ['-v', `${join(lab.shared, 'bench')}:/share`, '-v', 'bench-disk:/disk']
    await lab.docker('run', '-d', '--name', name, ...mounts, probeImage, 'serve', '9')
    try {
      return await measure(lab)
    } finally {
      await lab.docker('rm', '-f', name).catch(() => '')
      await lab.docker('volume', 'rm', 'bench-disk').catch(() => '')
      rmSync(join(lab.shared, 'bench'), { recursive: true, force: true })
    }
  },
}

async function measure(lab: VmLab): Promise<Result[]> {
  const native: Ask = async (...args) => msOf(await runTool(probePath, args))
  const inside: Ask = async (...args) => msOf(await lab.docker('exec', name, '/probe', ...args))
  const results: Result[] = []
  const steps = [
    { what: `${files} files made`, args: (dir: string) => ['small', 'make', dir, `${files}`], isCold: false },
    { what: `${files} files read`, args: (dir: string) => ['small', 'read', dir, `${files}`], isCold: true },
    {
      what: `${mebibytes} MiB written`,
      args: (dir: string) => ['write', join(dir, 'big'), `${mebibytes}`],
      isCold: false,
    },
    {
      what: `${mebibytes} MiB read`,
      args: (dir: string) => ['read', join(dir, 'big'), `${mebibytes}`],
      isCold: true,
    },
  ]
  const host = join(lab.shared, 'bench')
  // A read counts without the machine's cache: what the host has changed must be fetched.
  const drop = (): Promise<string> => sshRun(lab.ssh, 'sync; echo 3 >/proc/sys/vm/drop_caches')
  for (const { what, args, isCold } of steps) {
    const shared = async (): Promise<number> => {
      if (isCold) await drop()
      return inside(...args('/share'))
    }
    const disk = async (): Promise<number> => {
      if (isCold) await drop()
      return inside(...args('/disk'))
    }
    const againstDisk = await pairs(lab.pairs, disk, shared)
    const againstHost = await pairs(lab.pairs, () => native(...args(host)), shared)
    results.push(
      tell(
        judge({ row: `shared folder, ${what}, against the machine's disk`, unit: 'ms' }, againstDisk, {
          atMost: 1,
        }),
      ),
    )
    results.push(
      tell(
        judge({ row: `shared folder, ${what}, against the host itself`, unit: 'ms' }, againstHost, {
          atMost: 1,
        }),
      ),
    )
  }
  return results
}

const msOf = (said: string): number => (JSON.parse(said) as { ms: number }).ms
