import { expect, test } from 'vitest'
import { readCommandLine } from '../../../../../testing/fake-hyperkit/command-line'
import { pathsOf } from '../../platform/paths'
import type { VmSpec } from '../vm/backend'
import { hyperKitArgs, hyperKitFiles, vpnKitArgs } from './hyperkit-args'
import { cpuMsOf } from './process-identity'

const files = pathsOf('/data', { env: {}, platform: 'darwin' }).machine('m1')

const spec: VmSpec = {
  name: 'slipway-m1',
  runDir: '/run/m1',
  files,
  cpus: 4,
  memoryMiB: 3072,
  image: { id: 'abc', kernel: '/img/vmlinuz', initrd: '/img/initrd.img', root: '/img/root.erofs' },
  configCpio: files.config,
  dataDisk: { path: '/data/My Files/data.raw', sizeBytes: 2 ** 34 },
}
const own = hyperKitFiles(spec.runDir, '/run/m1/vm.pid')

test('the command line of HyperKit', () => {
  expect(hyperKitArgs(spec, own).join('\n')).toMatchInlineSnapshot(`
    "-A
    -u
    -F
    /run/m1/vm.pid
    -c
    4
    -m
    3072M
    -s
    0:0,hostbridge
    -s
    31,lpc
    -s
    1:0,virtio-vpnkit,path=/run/m1/net.sock,uuid=1866d6e9-ce1b-5b9f-9c30-fd7e80a0848f,preferred_ipv4=10.0.2.15
    -s
    2:0,virtio-blk,/img/root.erofs,ro
    -s
    3:0,virtio-blk,/data/My Files/data.raw
    -s
    4,virtio-sock,guest_cid=3,path=/run/m1/vs,guest_forwards=22
    -s
    5,virtio-rnd
    -l
    com1,autopty=/run/m1/tty
    -U
    1866d6e9-ce1b-5b9f-9c30-fd7e80a0848f
    -f
    kexec,/img/vmlinuz,/run/m1/initrd.img,console=ttyS0 quiet loglevel=1 audit=0 lsm=capability cryptomgr.notests i8042.nokbd i8042.noaux 8250.nr_uarts=1 random.trust_cpu=on nowatchdog slipway.root=/dev/vda slipway.data=/dev/vdb slipway.vsock=22"
  `)
  expect(vpnKitArgs(own).join(' ')).toMatchInlineSnapshot(
    `"--ethernet /run/m1/net.sock --gateway-ip 10.0.2.3 --host-ip 10.0.2.2 --lowest-ip 10.0.2.15 --highest-ip 10.0.2.254"`,
  )
})

test('HyperKit takes it as it was meant', () => {
  const read = readCommandLine(hyperKitArgs(spec, own))
  expect(read).toMatchObject({
    cpus: 4,
    memoryMiB: 3072,
    hasAcpi: true,
    pidFile: own.pid,
    initrd: own.initrd,
  })
  if (read === 'version') throw new Error('not a version')
  expect(read.commandLine).toContain('slipway.data=/dev/vdb slipway.vsock=22')
  const disks = [...read.slots.values()].filter(({ driver }) => driver === 'virtio-blk')
  // Their order names them in the guest: vda is the root, vdb the data.
  expect(disks.map(({ options }) => options)).toEqual([
    ['/img/root.erofs', 'ro'],
    ['/data/My Files/data.raw'],
  ])
})

test('a path that HyperKit cannot take is refused before it starts', () => {
  const withComma = { ...spec, dataDisk: { path: '/data/a,b/data.raw', sizeBytes: 1 } }
  expect(() => hyperKitArgs(withComma, own)).toThrow(/no path with a comma/)
  const long = hyperKitFiles(`/${'x'.repeat(100)}`, '/p')
  expect(() => hyperKitArgs(spec, long)).toThrow(/too long for a socket/)
})

test('the same disk is the same machine, another is another', () => {
  const uuidOf = (one: VmSpec): string =>
    hyperKitArgs(one, own)[hyperKitArgs(one, own).indexOf('-U') + 1] as string
  expect(uuidOf(spec)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuidOf({ ...spec, name: 'renamed' })).toBe(uuidOf(spec))
  expect(uuidOf({ ...spec, dataDisk: { path: '/other.raw', sizeBytes: 1 } })).not.toBe(uuidOf(spec))
})

test('CPU time is read as macOS and Linux write it', () => {
  expect(cpuMsOf('0:01.23')).toBe(1230)
  expect(cpuMsOf('01:02:03')).toBe(3_723_000)
  expect(cpuMsOf('2-00:00:01')).toBe(172_801_000)
})
