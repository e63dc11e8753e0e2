import { expect, test } from 'vitest'
import { readCommandLine, Refusal } from './command-line'

const kernel = ['-f', 'kexec,/k,/i,console=ttyS0 a,b']

const refusal = (...args: string[]): string => {
  try {
    readCommandLine(args)
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.message.split('\n')[0]}`
  }
  return 'taken'
}

test('a command line is read as HyperKit reads it: letters together, values joined or apart', () => {
  const read = readCommandLine([
    '-Au',
    '-c2',
    '-m',
    '2G',
    '-s',
    '2:0,virtio-blk,/r,ro',
    '-l',
    'com1,autopty=/t',
    ...kernel,
  ])
  expect(read).toMatchObject({
    hasAcpi: true,
    cpus: 2,
    memoryMiB: 2048,
    serial: { autopty: '/t' },
    kernel: '/k',
    initrd: '/i',
    commandLine: 'console=ttyS0 a,b',
  })
})

test('what HyperKit does not know ends it', () => {
  expect(refusal('-q')).toBe('1 hyperkit: illegal option -- q')
  expect(refusal('-A')).toMatch(/^1 Usage: hyperkit/)
  expect(refusal('-c')).toBe('1 hyperkit: option requires an argument -- c')
  expect(refusal('-c', '0', ...kernel)).toBe('1 Invalid guest vCPUs (0)')
  expect(refusal('-m', '2X', ...kernel)).toBe("64 hyperkit: invalid memsize '2X'")
  expect(refusal('-f', 'grub,/k')).toBe('1 Invalid firmware argument')
  expect(refusal('-l', 'com3,stdio', ...kernel)).toBe(
    "64 hyperkit: invalid lpc device configuration 'com3,stdio'",
  )
})

test('a slot is taken once, by a device that there is, with options that it knows', () => {
  expect(refusal('-s', '2', ...kernel)).toBe('1 Invalid PCI slot info field "2"')
  expect(refusal('-s', '32,lpc', ...kernel)).toBe('1 Invalid PCI slot info field "32,lpc"')
  expect(refusal('-s', '2,virtio-gpu', ...kernel)).toBe('1 pci slot 2:0: unknown device "virtio-gpu"')
  expect(refusal('-s', '2,virtio-rnd', '-s', '2:0,lpc', ...kernel)).toBe('1 pci slot 2:0 already occupied!')
  expect(refusal('-s', '2,virtio-blk,/a,b/disk', ...kernel)).toBe('1 Invalid device option "b/disk"')
  expect(refusal('-s', '2,virtio-sock,path=/v', ...kernel)).toBe(
    '1 guest_cid and path options are both required.',
  )
  expect(refusal('-s', '2,virtio-sock,guest_cid=2,path=/v', ...kernel)).toBe('1 invalid guest_cid 2')
  expect(refusal('-s', '2,virtio-vpnkit,path=/v,mtu=9000', ...kernel)).toBe('1 invalid option: mtu=9000')
})
