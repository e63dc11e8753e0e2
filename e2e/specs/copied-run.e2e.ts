import { run } from '../../src/main/core/platform/child'
import { freePort } from '../../testing/ports/free-port'
import type { Docker } from '../fixtures/docker'
import { expect, test } from '../fixtures/test'

interface Made {
  readonly Id: string
  readonly Path: string
  readonly Args: readonly string[]
  readonly Config: Readonly<Record<string, unknown>> & { readonly Env: readonly string[] }
  readonly HostConfig: Readonly<Record<string, unknown>> & { readonly Binds: readonly string[] }
  readonly Mounts: readonly {
    readonly Name?: string
    readonly Source: string
    readonly Destination: string
  }[]
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<string, { readonly Aliases: readonly string[]; readonly IPAMConfig: unknown }>
    >
  }
}

/** All that makes a container what it is, without what the engine makes out of its id or by chance. */
async function makeOf(docker: Docker, name: string): Promise<unknown> {
  const [made] = JSON.parse(await docker('inspect', name)) as [Made]
  const { Id, Path, Args, Config, HostConfig, Mounts, NetworkSettings } = made
  const isByChance = (text: string | undefined): boolean => /^[0-9a-f]{64}$/.test(text ?? '')
  const sorted = [...Mounts].sort((a, b) => a.Destination.localeCompare(b.Destination))
  const mounts = sorted.map((mount) => (isByChance(mount.Name) ? mount.Destination : mount))
  const networks = Object.entries(NetworkSettings.Networks).map(([network, { Aliases, IPAMConfig }]) => ({
    asked: IPAMConfig,
    network,
    aliases: Aliases.filter((alias) => !Id.startsWith(alias)),
  }))
  // The docker command itself sends variables and binds in an order by chance.
  const config = { ...Config, Hostname: '', Env: [...Config.Env].sort() }
  const host = { ...HostConfig, Binds: [...HostConfig.Binds].sort() }
  return { Path, Args, config, host, mounts, networks }
}

test('the docker run of a container is copied, and a shell makes the same again of it', async ({
  win,
  docker,
  lab,
  ownFolder,
}) => {
  const list = win.list('Containers')
  const folder = await ownFolder('copied run')
  const words = `it's "quoted", $HOME \`id\` \\ * #no;`
  await docker('network', 'create', '--subnet', '10.77.0.0/24', 'inner')
  // prettier-ignore
  const asked = [
    '-e', `WORDS=${words}`, '-e', 'EMPTY=', '-e', 'LINES=one\ntwo', '-l', `note=${words}`, '-l', 'team=core',
    '-v', 'data:/data', '-v', `${folder}:/given:ro`, '--tmpfs', '/scratch:size=8m', '-v', '/anonymous',
    '-p', `127.0.0.1:${await freePort()}:80`, '--network', 'inner', '--network-alias', 'friend',
    '--restart', 'on-failure:3', '-m', '64m', '--cpus', '0.5', '--init', '-u', 'nobody', '-w', '/tmp',
    '--cap-add', 'NET_ADMIN', '--health-cmd', 'test -e "/data"', '--health-interval', '90s', '--stop-timeout', '1',
    '--ulimit', 'nofile=1000:2000', '--pids-limit', '100', '--sysctl', 'net.core.somaxconn=200', '--ip', '10.77.0.9',
    '--log-opt', 'max-size=5m', '--group-add', '44', '--oom-score-adj', '100', '--memory-swap', '-1', '--dns-search', 'lan',
    '-v', 'kept:/kept:nocopy', '--tmpfs', '/t:size=8m,mode=1777',
  ]
  const program = ['sh', '-c', 'printf "%s\\n" "$0" "$WORDS"; exec sleep 100000', words]
  await docker('run', '-d', '--name', 'origin', ...asked, 'slipway-test/busybox', ...program)
  await expect(list.row('origin')).toContainText('Running')
  await list.choose('origin', 'Copy', 'The docker run of this container')
  await expect.poll(() => win.clipboard()).toContain('docker run')
  const command = await win.clipboard()
  // Its name and its port are free then, and it is there to be compared with.
  await docker('stop', 'origin')
  await docker('rename', 'origin', 'first')
  const env = { ...process.env, DOCKER_HOST: `unix://${lab.socket}`, DOCKER_CONFIG: lab.dockerConfig }
  const ran = await run('sh', ['-c', command], { env })
  expect(ran.code, ran.stderr).toBe(0)
  await expect(list.row('origin')).toContainText('Running')
  expect(await makeOf(docker, 'origin')).toEqual(await makeOf(docker, 'first'))
  await expect.poll(() => docker('logs', 'origin')).toBe(`${words}\n${words}`)
  await list.choose('origin', 'Copy', 'ID')
  await expect.poll(() => win.clipboard()).toBe(ran.stdout.trim())
})
