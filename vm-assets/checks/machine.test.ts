// One machine through its life: a blank disk, work, faults, the end, and the next start with a bad setting.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../src/main/core/machines/image/manifest'
import { bootVm, newDisk, type BootedVm } from './boot-vm'
import { builtImage } from './built-image'

let dir: string
let image: { dir: string; manifest: Manifest }
let vm: BootedVm

const data = (): string => join(dir, 'data.raw')
const guest = '/usr/libexec/slipway/guest'

/** What a command says; a command that fails, fails the test with its words. */
async function out(command: string, input?: string): Promise<string> {
  const answer = await vm.run(command, input)
  if (answer.code !== 0) throw new Error(`${command}: ${answer.code} ${answer.stdout}${answer.stderr}`)
  return answer.stdout.trim()
}

async function poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + 120_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > endMs) throw new Error(`Not in time: ${what}\n${vm.console.slice(-1000)}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

const engineAnswers = (): Promise<true> =>
  poll('the engine', async () => ((await vm.run('docker ps -q')).code === 0 ? true : undefined))

beforeAll(async () => {
  image = await builtImage()
  dir = await mkdtemp(join(tmpdir(), 'slipway-check-'))
  await newDisk(data(), 8e9)
  vm = await bootVm({ image: image.dir, data: data() })
})

afterAll(async () => {
  await vm.kill()
  await rm(dir, { recursive: true })
})

test('a machine tells each step of its start, in order, and no fault', async () => {
  await vm.waitFor('engine')
  const steps = vm.told.map((line) => line.split(' ')[1])
  expect(steps.slice(0, 2)).toEqual(['init', 'pid1'])
  expect(new Set(steps)).toEqual(new Set(['disk', 'engine', 'init', 'pid1', 'sshd']))
  expect(steps).toHaveLength(5)
  expect(steps.at(-1)).toBe('engine')
})

test('the engine is the one that the manifest names', async () => {
  const version = await out(`docker version --format '{{.Server.Version}}'`)
  const listed = image.manifest.packages.find(({ name }) => name === 'docker.io')
  expect(listed?.version.startsWith(version)).toBe(true)
  expect(JSON.parse(await out(`${guest} facts`))).toMatchObject({
    ...{ engineUp: true, engineVersion: version, kernel: image.manifest.kernel, diskFault: '' },
  })
})

test('nothing listens but SSH', async () => {
  const lines = (await out('netstat -ltun')).split('\n').filter((line) => /^(tcp|udp)/.test(line))
  const places = lines.map((line) => line.split(/\s+/)[3])
  expect(places).toHaveLength(2)
  expect(new Set(places)).toEqual(new Set(['0.0.0.0:22', ':::22']))
})

test('no file runs with the rights of another', async () => {
  expect(await out('find / -xdev -perm /6000 -type f')).toBe('')
})

test('no user has a password, and only root may log in', async () => {
  const shadow = (await out('cat /etc/shadow')).split('\n').map((line) => line.split(':'))
  expect(shadow.every(([, hash]) => hash === '*')).toBe(true)
  const shells = (await out('cat /etc/passwd')).split('\n').map((line) => line.split(':'))
  expect(shells.filter(([, , , , , , shell]) => !shell?.endsWith('nologin')).map(([name]) => name)).toEqual([
    'root',
  ])
  const config = await out('/usr/sbin/sshd -T')
  for (const rule of [
    'passwordauthentication no',
    'kbdinteractiveauthentication no',
    'permitrootlogin without-password',
  ])
    expect(config.split('\n')).toContain(rule)
})

test('there is no package manager', async () => {
  expect(
    await out('find /usr /etc /var/lib -xdev | grep -E "/(apt|apt-get|dpkg|dpkg-deb|rpm|apk)$" || true'),
  ).toBe('')
})

test('the root is read-only below, what is written to it is in memory', async () => {
  expect(await out('grep " / " /proc/mounts')).toMatch(/^root \/ overlay /)
  expect(await out('grep " /var/lib/slipway " /proc/mounts')).toMatch(/^\/dev\/vdb \S+ ext4 .*discard/)
})

test('a container runs, with an init, and docker top sees into it', async () => {
  await out('tar -c -C / usr/bin/busybox | docker import - check:1')
  const run = 'docker run --rm --init check:1 /usr/bin/busybox'
  expect(await out(`${run} echo hello`)).toBe('hello')
  await out('docker run -d --name sleeper --init --restart always check:1 /usr/bin/busybox sleep 1000')
  expect(await out('docker top sleeper')).toContain('busybox sleep 1000')
})

test('a published port leads into the container', async () => {
  await out(
    'docker run -d --name web -p 8080:80 check:1 /usr/bin/busybox nc -ll -p 80 -e /usr/bin/busybox echo answer',
  )
  await poll('the port', async () =>
    (await vm.run('nc 10.0.2.15 8080')).stdout.trim() === 'answer' ? true : undefined,
  )
  await out('docker rm -f web')
})

test('what is built finds the host by its name', async () => {
  const file = `FROM check:1\nRUN ["/usr/bin/busybox", "grep", "10.0.2.2 host.docker.internal", "/etc/hosts"]\n`
  await out('docker build -', file)
})

test('what a daemon.json would break is told before it is used', async () => {
  expect(await out(`${guest} check-daemon-json`, '{"log-level":"debug"}')).toBe('')
  expect(await out(`${guest} check-daemon-json`, '{"no-such-key":1}')).toContain('no-such-key')
  expect(await out(`${guest} check-daemon-json`, '{"hosts":["tcp://0.0.0.0:2375"]}')).toContain('hosts')
  expect(await out(`${guest} check-daemon-json`, '{')).not.toBe('')
})

test('a daemon.json that the engine does not survive is taken back', async () => {
  const answer = await vm.run(`${guest} apply-daemon-json`, '{"default-runtime":"nope"}')
  expect(answer.code).toBe(1)
  expect(answer.stderr).toContain('nope')
  await engineAnswers()
  expect(await out('cat /etc/docker/daemon.json')).toBe('{}')
})

test('a good daemon.json is in force, and containers come back', async () => {
  await out(`${guest} apply-daemon-json`, '{"labels":["check=yes"]}')
  expect(await out(`docker info --format '{{json .Labels}}'`)).toBe('["check=yes"]')
  await poll('the sleeper', async () =>
    (await out('docker ps --format {{.Names}}')) === 'sleeper' ? true : undefined,
  )
})

test('name servers that are set count at once and stand, the network gives its own back', async () => {
  const servers = (): Promise<string> => out('grep nameserver /etc/resolv.conf')
  const apply = (lines: string): Promise<string> => out(`${guest} apply-network`, lines)
  // As udhcpc tells of a lease; on a bridge of its own, for the way in must stay.
  const lease = (place: number): Promise<string> =>
    out(`interface=lease0 ip=192.0.2.${place} dns="198.51.100.${place}" /usr/libexec/slipway/address bound`)
  expect(await servers()).toBe('nameserver 10.0.2.3')
  await apply('dns 192.0.2.53\n')
  expect(await servers()).toBe('nameserver 192.0.2.53')
  await apply('')
  expect(await servers()).toBe('nameserver 10.0.2.3')
  await out('ip link add lease0 type bridge')
  await lease(1)
  expect(await servers()).toBe('nameserver 198.51.100.1')
  await apply('dns 192.0.2.53\n')
  await lease(2)
  expect(await servers()).toBe('nameserver 192.0.2.53')
  await apply('')
  expect(await servers()).toBe('nameserver 198.51.100.2')
  await out('ip link del lease0; rm /run/slipway/lease-dns')
  await apply('')
})

test('a proxy that is set is the one of the engine', async () => {
  const proxy = (): Promise<string> => out(`docker info --format '{{.HTTPProxy}}'`)
  await out(`${guest} apply-network`, 'http http://192.0.2.80:3128\n')
  expect(await proxy()).toBe('http://192.0.2.80:3128')
  expect(await out('grep nameserver /etc/resolv.conf')).toBe('nameserver 10.0.2.3')
  await out(`${guest} apply-network`, '')
  expect(await proxy()).toBe('')
})

test('a killed engine is told and comes back', async () => {
  await out('kill -9 $(cat /run/docker.pid)')
  expect(await vm.waitFor('fault engine-exited')).toBe('slipway: fault engine-exited 137 dockerd')
  await engineAnswers()
})

test('memory that ran out is told with who was ended, and the engine lives', async () => {
  const before = await out('cat /run/docker.pid')
  // Each fits, both do not.
  const eat = 'dd if=/dev/zero of=/dev/null bs=700M count=1'
  await vm.run(`${eat} & ${eat}; wait`)
  expect(await vm.waitFor('fault oom')).toBe('slipway: fault oom dd')
  expect(await out('cat /run/docker.pid')).toBe(before)
  await engineAnswers()
})

test('a full disk is told', async () => {
  await out('fallocate -l $(($(stat -f -c "%f*%S" /var/lib/slipway) - 40000000)) /var/lib/slipway/big')
  expect(await vm.waitFor('fault disk-full')).toMatch(/disk-full \d+$/)
  await out('rm /var/lib/slipway/big')
})

test('freed blocks go back to the host', async () => {
  const hostBytes = async (): Promise<number> => (await stat(data())).blocks * 512
  await out('yes | head -c 100m >/var/lib/slipway/big && sync')
  const full = await hostBytes()
  await out('rm /var/lib/slipway/big && sync')
  expect(Number(await out(`${guest} trim`))).toBeGreaterThanOrEqual(0)
  await poll('the blocks', async () => (full - (await hostBytes()) > 90e6 ? true : undefined))
})

test('the clock is set to the millisecond', async () => {
  const wanted = Date.now() + 3_600_000
  const asked = performance.now()
  await out(`${guest} set-clock ${wanted}`)
  const answered = performance.now()
  // The exact moment is set when the next second begins; until then the clock is up to a second behind.
  await poll('the exact time', async () => {
    const from = performance.now()
    const { epochMs } = JSON.parse(await out(`${guest} facts`)) as { epochMs: number }
    const [least, most] = [wanted + from - answered, wanted + performance.now() - asked]
    expect(epochMs).toBeLessThan(most + 50)
    return epochMs > least - 50 ? true : undefined
  })
  await out(`${guest} after-resume ${Date.now()}`)
})

test('swap comes, changes its size and goes', async () => {
  for (const mib of [64, 128, 0]) {
    await out(`${guest} apply-swap ${mib}`)
    const facts = JSON.parse(await out(`${guest} facts`)) as { swapTotal: number }
    expect(Math.round(facts.swapTotal / 1_048_576)).toBe(mib)
  }
})

test('an unknown verb and a bad path are refused', async () => {
  expect((await vm.run(`${guest} no-such-verb`)).code).toBe(64)
  expect((await vm.run(`${guest} ../../../bin/sh`)).code).toBe(64)
  for (const path of ['/', '/etc', '/usr/share', 'relative', '/home/../etc'])
    expect((await vm.run(`${guest} mount-share ${path} rw`)).code, path).toBe(1)
})

test('an orderly end leaves the disk clean, and the next start finds everything', async () => {
  await out('docker volume create kept')
  await out('docker run --rm -v kept:/v check:1 /usr/bin/busybox sh -c "echo safe >/v/file && sync"')
  await vm.shutDown()
  expect(vm.told.at(-1)).toMatch(/^slipway: down /)
  // A daemon.json that no engine takes keeps neither the door nor the engine from coming up.
  vm = await bootVm({ image: image.dir, data: data(), inject: { 'daemon.json': '{"no-such-key":1}' } })
  expect(await vm.waitFor('fault config')).toContain('no-such-key')
  await vm.waitFor('engine')
  expect(await out('docker run --rm -v kept:/v check:1 /usr/bin/busybox cat /v/file')).toBe('safe')
  expect(await out(`docker info --format '{{json .Labels}}'`)).toBe('["check=yes"]')
  await poll('the sleeper', async () =>
    (await out('docker ps --format {{.Names}}')) === 'sleeper' ? true : undefined,
  )
})

test('a machine whose plug was pulled comes up again', async () => {
  await out('docker run --rm -v kept:/v check:1 /usr/bin/busybox sh -c "echo synced >/v/late && sync"')
  await vm.kill()
  vm = await bootVm({ image: image.dir, data: data() })
  await vm.waitFor('engine')
  expect(await out('docker run --rm -v kept:/v check:1 /usr/bin/busybox cat /v/late')).toBe('synced')
  expect(vm.told.filter((line) => line.includes('fault'))).toEqual([])
})
