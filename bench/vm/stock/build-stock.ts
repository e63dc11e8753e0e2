import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { mirrorOfHost, suite } from '../../../scripts/vm/packages/debian-mirror'
import { runTool } from '../../../scripts/vm/shell'
import { hostArch } from '../../../scripts/vm/arch'

/** The peer's files: a Debian as its installer leaves it, with an engine. */
export interface StockImage {
  readonly dir: string
  readonly kernel: string
  readonly initrd: string
  readonly disk: string
  readonly userKey: string
  /** `ssh-ed25519 AAAA…`. */
  readonly hostKey: string
}

/** What a person would install for an engine in a VM; `docker.io` brings containerd and runc. */
const packages = [
  ...['systemd-sysv', 'udev', 'dbus', `linux-image-cloud-${hostArch()}`, 'initramfs-tools'],
  ...['docker.io', 'docker-cli', 'openssh-server', 'ca-certificates', 'iptables', 'kmod', 'iproute2'],
  ...['ifupdown', 'procps', 'apparmor'],
]
/** What the peer writes to its console when its SSH server listens. */
export const sshIsThere = 'bench: ssh is there'
const diskBytes = 12 * 1024 ** 3
const cache = join(import.meta.dirname, '../../../node_modules/.cache/bench-vm')

/**
 * Debian stable with systemd, the cloud kernel and docker.io, made once by mmdebstrap with its maintainer scripts
 * and kept. `warmUp` boots it once and ends it in order, so that a measured boot is not its first.
 */
export async function stockImage(warmUp: (image: StockImage) => Promise<void>): Promise<StockImage> {
  const id = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 12)
  const dir = join(cache, id)
  if (!existsSync(dir)) {
    const making = `${dir}.making`
    rmSync(making, { recursive: true, force: true })
    mkdirSync(making, { recursive: true })
    await make(making)
    console.log('  the peer boots once, to be warm')
    await warmUp(imageIn(making))
    renameSync(making, dir)
  }
  return imageIn(dir)
}

function imageIn(dir: string): StockImage {
  const file = (name: string): string => join(dir, name)
  const hostKey = readFileSync(file('host_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  return {
    ...{ dir, kernel: file('vmlinuz'), initrd: file('initrd.img'), disk: file('disk.raw') },
    ...{ userKey: file('id_ed25519'), hostKey },
  }
}

async function make(dir: string): Promise<void> {
  const root = await debianRoot()
  await runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', join(dir, 'id_ed25519')])
  const put = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  put('root/.ssh/authorized_keys', readFileSync(join(dir, 'id_ed25519.pub'), 'utf8'))
  put('etc/hostname', 'stock\n')
  put('etc/hosts', '127.0.0.1 localhost stock\n')
  put('etc/resolv.conf', 'nameserver 10.0.2.3\n')
  put('etc/fstab', '/dev/vda / ext4 errors=remount-ro 0 1\n')
  // A fixed address: waiting for a lease would only make the peer slower.
  put(
    'etc/systemd/network/10-user.network',
    '[Match]\nDriver=virtio_net\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n',
  )
  await runTool('chroot', [root, 'systemctl', 'enable', 'systemd-networkd'])
  // Of the older way to set up a network, which would be waited for as well.
  await runTool('chroot', [root, 'systemctl', 'mask', 'networking'])
  // Its words at the console end where a login prompt begins, so the server itself says when it is there.
  const said = `[Service]\nExecStartPost=/bin/sh -c 'echo ${sshIsThere} >/dev/console'\n`
  put('etc/systemd/system/ssh.service.d/said.conf', said)
  const boot = join(root, 'boot')
  const inBoot = (start: string): string => {
    const name = readdirSync(boot).find((each) => each.startsWith(start))
    if (name === undefined) throw new Error(`the peer has no ${start}`)
    return join(boot, name)
  }
  cpSync(inBoot('vmlinuz-'), join(dir, 'vmlinuz'))
  cpSync(inBoot('initrd.img-'), join(dir, 'initrd.img'))
  cpSync(join(root, 'etc/ssh/ssh_host_ed25519_key.pub'), join(dir, 'host_ed25519.pub'))
  const size = [`${diskBytes / 1024 ** 2}M`]
  await runTool('mke2fs', ['-q', '-t', 'ext4', '-d', root, join(dir, 'disk.raw'), ...size])
}

/** Kept apart from what is made of it: the packages take minutes to come. */
async function debianRoot(): Promise<string> {
  const id = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12)
  const root = join(cache, `root-${id}`)
  if (existsSync(root)) return root
  console.log('  Debian for the peer is fetched and installed: minutes')
  const making = `${root}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const { main } = await mirrorOfHost()
  await runTool('mmdebstrap', [
    ...['--mode=root', '--variant=minbase', '--aptopt=APT::Install-Recommends "true"', '--skip=check/qemu'],
    ...[`--include=${packages.join()}`, suite, making, main],
  ])
  renameSync(making, root)
  return root
}
