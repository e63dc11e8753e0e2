import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { busySeconds } from '../../lab'
import { judge, type Pair, type Result } from '../../measure'
import { sshRun, type SshTarget } from '../ssh-target'
import { stockImage, type StockImage } from '../stock/build-stock'
import { StockVm, type StockShape } from '../stock/stock-vm'
import { shape, type VmLab } from '../vm-lab'
import type { VmRow } from '../vm-row'

/** After the engine's first answer: what a start still does in the background is over. */
const settleMs = 12_000
const idleMs = 12_000

interface Boot {
  readonly sshMs: number
  readonly engineMs: number
}

interface Idle {
  readonly guestMiB: number
  readonly rssMiB: number
  /** Of one core. */
  readonly cpuPercent: number
}

interface Round {
  readonly peer: Boot & Idle
  readonly cold: Boot & Idle
  readonly resumed: Boot
}

/** Cold boots of both, the same boots idle, and a start of ours from suspend. One VM at a time. */
export const boot: VmRow = {
  name: 'boot',
  programs: { mmdebstrap: 'mmdebstrap', 'qemu-img': 'qemu-utils', mke2fs: 'e2fsprogs', chroot: 'coreutils' },
  run: async (lab) => {
    const accelerator = await firstBoot(lab)
    const peerShape = { ...shape, accelerator }
    const image = await stockImage(async (fresh) => {
      const vm = await StockVm.boot(fresh, peerShape, fresh.disk)
      await vm.powerOff()
    })
    const rounds: Round[] = []
    for (let at = 0; at < lab.pairs; at++) {
      const round = { peer: await peerRound(lab, image, peerShape), ...(await ourRound(lab)) }
      console.log(`  ${JSON.stringify(round)}`)
      rounds.push(round)
    }
    return results(rounds)
  },
}

/** Makes the disk's file system; answers what it ran on. */
async function firstBoot(lab: VmLab): Promise<StockShape['accelerator']> {
  await lab.up()
  const { accelerator } = await lab.facts()
  await lab.call('machines.stop', { machine: lab.machine, how: 'shutdown' })
  return accelerator?.name ?? 'tcg'
}

async function peerRound(lab: VmLab, image: StockImage, peerShape: StockShape): Promise<Boot & Idle> {
  const vm = await StockVm.boot(image, peerShape)
  const undo = lab.atEnd(() => vm.kill())
  try {
    const { sshMs, engineMs } = vm
    return { sshMs, engineMs, ...(await idleOf(vm.pid, vm.ssh)) }
  } finally {
    await vm.kill()
    undo()
  }
}

async function ourRound(lab: VmLab): Promise<Pick<Round, 'cold' | 'resumed'>> {
  const { machine } = lab
  const cold = await start(lab, 'cold')
  const idle = await idleOf(lab.pid, lab.ssh)
  await lab.call('machines.stop', { machine, how: 'suspend' })
  const resumed = await start(lab, 'resume')
  await lab.call('machines.stop', { machine, how: 'shutdown' })
  return { cold: { ...cold, ...idle }, resumed }
}

/** From the call, which is before the process starts, to the answer at the engine's socket on the host. */
async function start(lab: VmLab, way: 'cold' | 'resume'): Promise<Boot> {
  const startMs = performance.now()
  await lab.call('machines.start', { machine: lab.machine })
  const code = await lab.ask('/version')
  const engineMs = performance.now() - startMs
  const record = (await lab.facts()).boots[0]
  const tunnel = record?.stages.find(({ name }) => name === 'tunnel')
  if (code !== 200 || record?.way !== way || tunnel?.endedMs === undefined)
    throw new Error(`not a start by ${way}: ${code} ${JSON.stringify(record)}`)
  return { sshMs: tunnel.endedMs, engineMs }
}

async function idleOf(pid: number, ssh: SshTarget): Promise<Idle> {
  await pause(settleMs)
  const [busyBefore, startMs] = [busySeconds(pid), performance.now()]
  await pause(idleMs)
  const cpuPercent = ((busySeconds(pid) - busyBefore) / (performance.now() - startMs)) * 100_000
  const rssKiB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  const memory = await sshRun(ssh, 'cat /proc/meminfo')
  const kiB = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(memory)?.[1])
  const guestMiB = (kiB('MemTotal') - kiB('MemAvailable')) / 1024
  return { guestMiB, rssMiB: rssKiB / 1024, cpuPercent }
}

function results(rounds: readonly Round[]): Result[] {
  const all = (pick: (round: Round) => Pair): Pair[] => rounds.map(pick)
  const seconds = (ms: number): number => ms / 1000
  const times = (ours: 'cold' | 'resumed', what: 'sshMs' | 'engineMs'): Pair[] =>
    all(({ peer, ...own }) => ({ peer: seconds(peer[what]), ours: seconds(own[ours][what]) }))
  const idle = (what: keyof Idle): Pair[] => all(({ peer, cold }) => ({ peer: peer[what], ours: cold[what] }))
  const against = 'against stock Debian'
  return [
    judge({ row: `cold start to SSH, ${against}`, unit: 's' }, times('cold', 'sshMs'), { atMost: 0.2 }),
    judge({ row: `cold start to docker version, ${against}`, unit: 's' }, times('cold', 'engineMs'), {
      atMost: 0.33,
    }),
    judge({ row: `start from suspend to SSH, ${against} cold`, unit: 's' }, times('resumed', 'sshMs'), {
      atMost: 0.06,
    }),
    judge(
      { row: `start from suspend to docker version, ${against} cold`, unit: 's' },
      times('resumed', 'engineMs'),
      { atMost: 0.06 },
    ),
    judge({ row: `idle, memory in use in the guest, ${against}`, unit: 'MiB' }, idle('guestMiB'), {
      atMost: 1,
    }),
    judge({ row: `idle, memory of QEMU on the host, ${against}`, unit: 'MiB' }, idle('rssMiB'), {
      atMost: 1,
    }),
    judge({ row: `idle, CPU of QEMU, ${against}`, unit: '% of a core' }, idle('cpuPercent'), { atMost: 1 }),
  ]
}
