import type { VmSpec } from '../vm/backend'
import { kernelArgs, type Arch } from './kernel-args'

export type AcceleratorName = 'kvm' | 'hvf' | 'whpx' | 'tcg'

/** What this QEMU offers: found by asking it. */
export interface QemuFeatures {
  readonly accelerator: AcceleratorName
  readonly arch: Arch
  readonly platform: NodeJS.Platform
  /** It was built with the seccomp sandbox. */
  readonly hasSandbox: boolean
  /** `virtio-balloon-pci` is there: free memory goes back to the host. */
  readonly hasBalloon: boolean
}

/** The names of what QMP speaks about. */
export const dataNode = 'data'
export const netName = 'net0'

/** Tells a machine's QEMU from every other process. */
export const nameArg = ({ name }: Pick<VmSpec, 'name'>): string => `guest=slipway-${name}`

/**
 * QEMU's command line for one machine. No forward of a port is on it: a port in use would end QEMU before the
 * boot. Nothing of a person's stands in it but paths, which are escaped.
 */
export function qemuArgs(spec: VmSpec, features: QemuFeatures): string[] {
  const { files, image, dataDisk } = spec
  const isEmulated = features.accelerator === 'tcg'
  return [
    ...['-name', nameArg(spec)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...sandboxArgs(features),
    ...['-machine', machineType(features)],
    ...['-accel', acceleratorArg(features.accelerator)],
    ...['-cpu', isEmulated || features.accelerator === 'whpx' ? 'max' : 'host'],
    ...['-smp', String(spec.cpus), '-m', `${spec.memoryMiB}M`],
    ...['-kernel', image.kernel, '-initrd', files.initrd],
    ...['-append', kernelArgs({ arch: features.arch, isEmulated })],
    ...blockDevice({ node: 'root', path: image.root, isReadOnly: true }),
    ...blockDevice({ node: dataNode, path: dataDisk.path, isReadOnly: false, ...locking(features) }),
    ...['-netdev', `user,id=${netName}`],
    ...['-device', `virtio-net-pci,netdev=${netName},romfile=`],
    ...(features.hasBalloon ? ['-device', 'virtio-balloon-pci,id=balloon0,free-page-reporting=on'] : []),
    ...['-chardev', `file,id=console,path=${escaped(files.console)},append=on`, '-serial', 'chardev:console'],
    ...controlArgs(spec, features),
    ...['-pidfile', files.pid],
    ...(spec.resumeFrom ? ['-S', '-incoming', 'defer'] : []),
  ]
}

/** QEMU has no reason to start programs, to become somebody else or to change its own limits. */
const sandboxArgs = ({ hasSandbox }: QemuFeatures): string[] =>
  hasSandbox ? ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'] : []

export const machineType = ({ arch }: QemuFeatures): string =>
  arch === 'x64' ? 'q35,vmport=off,graphics=off' : 'virt,highmem=on,gic-version=max'

function acceleratorArg(name: AcceleratorName): string {
  // The default cache of translated code is a GiB of the host's memory; a quarter is as fast.
  return name === 'tcg' ? 'tcg,thread=multi,tb-size=256' : name
}

/** By itself QEMU locks a disk only where locks belong to the open file; macOS has those of the process alone. */
const locking = ({ platform }: QemuFeatures): { locking?: 'on' } =>
  platform === 'darwin' ? { locking: 'on' } : {}

/**
 * As JSON, which needs no escapes but its own. A write that the host refuses stops the guest instead of telling
 * it of a broken disk. The format is always said: an image must not name files of the host.
 */
function blockDevice({
  node,
  path,
  isReadOnly,
  locking,
}: {
  node: string
  path: string
  isReadOnly: boolean
  locking?: 'on'
}): string[] {
  const file = { driver: 'file', filename: path, ...(locking && { locking }) }
  const blockdev = isReadOnly
    ? { driver: 'raw', 'node-name': node, 'read-only': true, file }
    : {
        driver: 'raw',
        'node-name': node,
        discard: 'unmap',
        'detect-zeroes': 'unmap',
        file: { ...file, discard: 'unmap' },
      }
  const errors = isReadOnly ? '' : ',werror=stop,rerror=report'
  return [
    ...['-blockdev', JSON.stringify(blockdev)],
    ...['-device', `virtio-blk-pci,id=${node}-disk,drive=${node}${errors}`],
  ]
}

function controlArgs({ files }: VmSpec, { platform }: QemuFeatures): string[] {
  const chardev =
    platform === 'win32'
      ? `pipe,id=qmp,path=${escaped(files.qmp.replace(/^\\\\\.\\pipe\\/, ''))}`
      : `socket,id=qmp,path=${escaped(files.qmp)},server=on,wait=off`
  return ['-chardev', chardev, '-mon', 'chardev=qmp,mode=control']
}

/** In QEMU's own option lists a comma is written twice. */
const escaped = (text: string): string => text.replaceAll(',', ',,')
