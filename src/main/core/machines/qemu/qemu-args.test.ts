import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathsOf } from '../../platform/paths'
import type { VmSpec } from '../vm/backend'
import { readUserNet } from './hmp'
import { kernelArgs } from './kernel-args'
import { acceleratorsOf } from './probe'
import { qemuArgs, type QemuFeatures } from './qemu-args'
import { psTimeMs } from './qemu-process'

const files = pathsOf('/data', { env: {}, platform: 'linux' }).machine('m-1')
const image = { id: 'i', kernel: '/i/vmlinuz', initrd: '/i/initrd.img', root: '/i/root.erofs' }
const spec: VmSpec = {
  ...{ name: 'm-1', runDir: files.run, files, cpus: 2, memoryMiB: 2048, image, configCpio: files.config },
  dataDisk: { path: '/data/a,b "c".raw', sizeBytes: 1 },
}
const kvm: QemuFeatures = {
  ...{ accelerator: 'kvm', arch: 'x64', platform: 'linux', hasSandbox: true, hasBalloon: true },
}

test('the command line on Linux with KVM', () => {
  expect(qemuArgs(spec, kvm)).toMatchInlineSnapshot(`
    [
      "-name",
      "guest=slipway-m-1",
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-no-reboot",
      "-sandbox",
      "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
      "-machine",
      "q35,vmport=off,graphics=off",
      "-accel",
      "kvm",
      "-cpu",
      "host",
      "-smp",
      "2",
      "-m",
      "2048M",
      "-kernel",
      "/i/vmlinuz",
      "-initrd",
      "/data/machines/m-1/initrd.img",
      "-append",
      "console=ttyS0 8250.nr_uarts=1 i8042.nokbd i8042.noaux i8042.nopnp i8042.dumbkbd quiet loglevel=1 panic=-1 audit=0 lsm=capability cryptomgr.notests rcupdate.rcu_expedited=1 random.trust_cpu=on",
      "-blockdev",
      "{"driver":"raw","node-name":"root","read-only":true,"file":{"driver":"file","filename":"/i/root.erofs"}}",
      "-device",
      "virtio-blk-pci,id=root-disk,drive=root",
      "-blockdev",
      "{"driver":"raw","node-name":"data","discard":"unmap","detect-zeroes":"unmap","file":{"driver":"file","filename":"/data/a,b \\"c\\".raw","discard":"unmap"}}",
      "-device",
      "virtio-blk-pci,id=data-disk,drive=data,werror=stop,rerror=report",
      "-netdev",
      "user,id=net0",
      "-device",
      "virtio-net-pci,netdev=net0,romfile=",
      "-device",
      "virtio-balloon-pci,id=balloon0,free-page-reporting=on",
      "-chardev",
      "file,id=console,path=/data/machines/m-1/console.log,append=on",
      "-serial",
      "chardev:console",
      "-chardev",
      "socket,id=qmp,path=/data/machines/m-1/qmp.sock,server=on,wait=off",
      "-mon",
      "chardev=qmp,mode=control",
      "-pidfile",
      "/data/machines/m-1/vm.pid",
    ]
  `)
})

test('emulated, on a Mac, on Windows: each its own processor, no sandbox where there is none', () => {
  const tcg = qemuArgs(spec, { ...kvm, accelerator: 'tcg', hasSandbox: false, hasBalloon: false }).join(' ')
  expect(tcg).toContain('-accel tcg,thread=multi,tb-size=256 -cpu max')
  expect(tcg).toContain('mitigations=off nokaslr')
  expect(tcg).toContain('clearcpuid=cx16')
  expect(tcg).not.toMatch(/sandbox|balloon/)
  const mac = qemuArgs(spec, {
    ...kvm,
    accelerator: 'hvf',
    arch: 'arm64',
    platform: 'darwin',
    hasSandbox: false,
  }).join(' ')
  expect(mac).toContain('-machine virt,highmem=on,gic-version=max -accel hvf -cpu host')
  expect(mac).toContain('console=ttyAMA0')
  const windows = pathsOf('C:\\data', { env: {}, platform: 'win32' }).machine('m-1')
  const args = qemuArgs(
    { ...spec, files: windows },
    { ...kvm, accelerator: 'whpx', platform: 'win32', hasSandbox: false },
  )
  expect(args.join(' ')).toMatch(
    /-chardev pipe,id=qmp,path=slipway-[0-9a-f]+-qmp -mon chardev=qmp,mode=control/,
  )
  expect(args.join(' ')).toContain('-accel whpx -cpu max')
})

test('a resume has the same machine and waits for its state', () => {
  const cold = qemuArgs(spec, kvm)
  const resume = qemuArgs({ ...spec, resumeFrom: { path: join(files.dir, 'state.bin'), sizeBytes: 1 } }, kvm)
  expect(resume).toEqual([...cold, '-S', '-incoming', 'defer'])
})

test('what is unsafe stays with emulation, and no forward is on the command line', () => {
  for (const arch of ['x64', 'arm64'] as const)
    expect(kernelArgs({ arch, isEmulated: false })).not.toMatch(
      /mitigations|nokaslr|nowatchdog|no_timer_check/,
    )
  expect(qemuArgs(spec, kvm).join(' ')).not.toContain('hostfwd')
})

test('each system tries its accelerator first and emulation last', () => {
  expect((['linux', 'darwin', 'win32', 'freebsd'] as const).map(acceleratorsOf)).toEqual([
    ['kvm', 'tcg'],
    ['hvf', 'tcg'],
    ['whpx', 'tcg'],
    ['tcg'],
  ])
})

test('the forwards of QEMU are read from its own words', () => {
  const text = [
    'Hub -1 (net0):',
    '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ',
    '  TCP[HOST_FORWARD]  14       127.0.0.1 20022       10.0.2.15    22     0     0',
    '  TCP[ESTABLISHED]   15       10.0.2.15    22       127.0.0.1 51234     0     0',
    '  UDP[HOST_FORWARD]  16               * 53           10.0.2.15    53     0     0',
  ].join('\r\n')
  expect(readUserNet(text)).toEqual([
    { protocol: 'tcp', address: '127.0.0.1', port: 20_022, guestPort: 22 },
    { protocol: 'udp', address: '0.0.0.0', port: 53, guestPort: 53 },
  ])
})

test('the time that ps tells', () => {
  expect(['0:01.50', '01:02:03', '2-00:00:01'].map(psTimeMs)).toEqual([1500, 3_723_000, 172_801_000])
})

test('on macOS the data disk is locked because it is asked for: by itself QEMU would not', () => {
  const disk = (platform: NodeJS.Platform): unknown =>
    qemuArgs(spec, { ...kvm, platform })
      .filter((arg) => arg.startsWith('{'))
      .map((arg) => (JSON.parse(arg) as { file: { locking?: string } }).file.locking)
  expect(disk('darwin')).toEqual([undefined, 'on'])
  expect(disk('linux')).toEqual([undefined, undefined])
})
