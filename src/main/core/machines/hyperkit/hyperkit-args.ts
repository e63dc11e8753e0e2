/** The command lines of HyperKit and VPNKit, as their own sources read them. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { maxSocketPathBytes } from '../../platform/paths'
import type { VmSpec } from '../vm/backend'

/** Where a run keeps what HyperKit and VPNKit make. */
export interface HyperKitFiles {
  readonly pid: string
  /** What identifies the two processes, so that another core can adopt or end them. */
  readonly processes: string
  /** Kernel's initrd and this machine's settings in one file: HyperKit takes one. */
  readonly initrd: string
  /** Holds the name of the terminal at which the guest's serial port ends. */
  readonly tty: string
  /** VPNKit listens here for the VM's network card. */
  readonly ethernet: string
  /** HyperKit makes one socket in it for each port of the guest. */
  readonly vsockDir: string
  readonly guestSsh: string
}

/** The first number that a guest can have: 0 to 2 are the hypervisor's and the host's. */
const guestCid = 3
export const sshVsockPort = 22
const hex = (value: number): string => value.toString(16).padStart(8, '0')

export function hyperKitFiles(runDir: string, pid: string): HyperKitFiles {
  const vsockDir = join(runDir, 'vs')
  return {
    pid,
    processes: join(runDir, 'hyperkit.json'),
    initrd: join(runDir, 'initrd.img'),
    tty: join(runDir, 'tty'),
    ethernet: join(runDir, 'net.sock'),
    vsockDir,
    guestSsh: join(vsockDir, `${hex(guestCid)}.${hex(sshVsockPort)}`),
  }
}

// The network that QEMU's user mode has too, so that the guest needs to know one only.
const guestAddress = '10.0.2.15'
const hostAddress = '10.0.2.2'
const nameServerAddress = '10.0.2.3'

/** VPNKit is the gateway and answers DNS at its own address; the host's loopback is at the other. */
export const vpnKitArgs = (files: HyperKitFiles): string[] => [
  ...['--ethernet', files.ethernet],
  ...['--gateway-ip', nameServerAddress],
  ...['--host-ip', hostAddress],
  ...['--lowest-ip', guestAddress],
  ...['--highest-ip', '10.0.2.254'],
]

/**
 * `quiet` and the rest save boot time; nothing that weakens the guest is here. The relay from the guest's
 * vsock port to its sshd is what makes a network of root's unnecessary.
 */
const kernelCommandLine = [
  'console=ttyS0',
  'quiet',
  'loglevel=1',
  'audit=0',
  'lsm=capability',
  'cryptomgr.notests',
  'i8042.nokbd',
  'i8042.noaux',
  '8250.nr_uarts=1',
  'random.trust_cpu=on',
  'nowatchdog',
  'slipway.root=/dev/vda',
  'slipway.data=/dev/vdb',
  `slipway.vsock=${sshVsockPort}`,
].join(' ')

/** Throws `machine.start-failed` for a path that HyperKit cannot take. */
export function hyperKitArgs(spec: VmSpec, files: HyperKitFiles): string[] {
  checkPaths(spec, files)
  const uuid = machineUuid(spec)
  return [
    // ACPI is the power button; the clock is in UTC.
    ...['-A', '-u'],
    ...['-F', files.pid],
    ...['-c', String(spec.cpus)],
    ...['-m', `${spec.memoryMiB}M`],
    ...['-s', '0:0,hostbridge'],
    ...['-s', '31,lpc'],
    // The UUID keeps the card's MAC, and with it the address, the same from start to start.
    ...['-s', `1:0,virtio-vpnkit,path=${files.ethernet},uuid=${uuid},preferred_ipv4=${guestAddress}`],
    // In the order of their slots: /dev/vda and /dev/vdb.
    ...['-s', `2:0,virtio-blk,${spec.image.root},ro`],
    ...['-s', `3:0,virtio-blk,${spec.dataDisk.path}`],
    ...['-s', `4,virtio-sock,guest_cid=${guestCid},path=${files.vsockDir},guest_forwards=${sshVsockPort}`],
    ...['-s', '5,virtio-rnd'],
    ...['-l', `com1,autopty=${files.tty}`],
    ...['-U', uuid],
    ...['-f', `kexec,${spec.image.kernel},${files.initrd},${kernelCommandLine}`],
  ]
}

/** The same disk is the same machine, wherever it was started from. */
function machineUuid(spec: VmSpec): string {
  const hash = createHash('sha256').update(spec.dataDisk.path).digest('hex')
  const variant = ((parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    variant + hash.slice(18, 20),
    hash.slice(20, 32),
  ].join('-')
}

function checkPaths(spec: VmSpec, files: HyperKitFiles): void {
  const { image, dataDisk } = spec
  for (const path of [image.root, image.kernel, dataDisk.path, files.pid, files.tty]) {
    // HyperKit parts its options at commas and has no way to write one.
    if (path.includes(',')) throw badPath(path, 'HyperKit takes no path with a comma in it')
  }
  for (const path of [files.ethernet, files.guestSsh]) {
    if (Buffer.byteLength(path) > maxSocketPathBytes) throw badPath(path, 'The path is too long for a socket')
  }
}

const badPath = (path: string, detail: string): AppError =>
  new AppError('machine.start-failed', `${detail}: ${path}`, {
    facts: { stage: 'process', path, detail: `${detail}: ${path}` },
  })
