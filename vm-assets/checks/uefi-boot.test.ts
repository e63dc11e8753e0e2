// The machine as Hyper-V gets it: VHDX disks of our own making, started by UEFI firmware from the boot disk.
import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packCpio } from '../../scripts/vm/cpio'
import { writeBootDisk } from '../../src/main/core/machines/hyperv/disk/boot-disk'
import { createVhdx, vhdxFromRaw } from '../../src/main/core/machines/hyperv/disk/vhdx'
import { newKeyPair } from '../../src/main/core/tunnel/keys'
import { BootedVm } from './boot-vm'
import { builtImage } from './built-image'

const firmware = '/usr/share/OVMF'
let dir: string
let vm: BootedVm | undefined

beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'slipway-uefi-'))))
afterEach(async () => {
  await vm?.kill()
  await rm(dir, { recursive: true })
})

async function makeDisks(
  image: string,
  keys: { host: string; user: string },
  commandLine: string,
): Promise<void> {
  const file = (path: string, text: string) => ({ path, mode: 0o100600, bytes: Buffer.from(text) })
  const config = packCpio([
    { path: 'inject', mode: 0o040755 },
    file('inject/ssh_host_ed25519_key', keys.host),
    file('inject/authorized_keys', keys.user),
    file('inject/hostname', 'by-uefi\n'),
  ])
  await writeFile(join(dir, 'config.cpio'), config)
  await writeBootDisk(join(dir, 'boot.vhdx'), {
    ...{
      loader: join(image, 'bootloader.efi'),
      kernel: join(image, 'vmlinuz'),
      initrd: join(image, 'initrd.img'),
    },
    ...{ config: join(dir, 'config.cpio'), commandLine, arch: 'x64' },
  })
  await vhdxFromRaw(join(image, 'root.erofs'), join(dir, 'root.vhdx'))
  await createVhdx(join(dir, 'data.vhdx'), 8 * 2 ** 30)
}

const disk = (name: string, device: string): string[] => [
  ...['-drive', `if=none,id=${name},file=${join(dir, name)}.vhdx,format=vhdx`],
  ...['-device', `${device},drive=${name}`],
]

function qemuArgs(port: number): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-M', 'q35', '-cpu', 'max', '-smp', '1'],
    ...['-no-reboot', '-accel', 'tcg,thread=multi', '-m', '1536'],
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${firmware}/OVMF_CODE_4M.fd`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${join(dir, 'vars.fd')}`],
    // Only the firmware has to read the boot disk; the guest's first two are root and data.
    ...disk('root', 'virtio-blk-pci'),
    ...disk('data', 'virtio-blk-pci'),
    ...['-device', 'virtio-scsi-pci,id=scsi', ...disk('boot', 'scsi-hd,bus=scsi.0,bootindex=0')],
    ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial'],
  ]
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('UEFI firmware starts the machine from our disks, to a running engine', async () => {
  const image = (await builtImage()).dir
  const [host, user] = [newKeyPair('host'), newKeyPair('checks')]
  const commandLine = 'console=ttyS0 quiet loglevel=1 lsm=capability cryptomgr.notests slipway.net=dhcp'
  await makeDisks(image, { host: host.privateKey, user: `${user.publicKey}\n` }, commandLine)
  await copyFile(join(firmware, 'OVMF_VARS_4M.fd'), join(dir, 'vars.fd'))
  const port = await freePort()
  vm = new BootedVm(
    spawn('qemu-system-x86_64', qemuArgs(port), { stdio: ['ignore', 'pipe', 'pipe'] }),
    port,
    user.privateKey,
  )
  // The address comes by DHCP, as it does from Hyper-V's switch.
  expect(await vm.waitFor('address')).toContain('10.0.2.15')
  await vm.waitFor('engine')
  const said = await vm.run(
    'cat /proc/cmdline; hostname; ls -d /sys/firmware/efi; docker version -f {{.Server.Os}}',
  )
  // The second initrd is this machine's own; without it there would be no key to come in by.
  expect(said.stdout).toContain('initrd=\\initrd.img initrd=\\machine.img')
  expect(said.stdout).toMatch(/by-uefi\n\/sys\/firmware\/efi\nlinux\n/)
  await vm.shutDown()
  expect(vm.told.at(-1)).toContain('down')
})
