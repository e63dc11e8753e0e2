/** What the pictures show: two projects and some single containers on an engine of their own. */
import { dockerOf, type Docker } from '../../e2e/fixtures/docker'
import { run } from '../../src/main/core/platform/child'
import { busyboxImage, noShellImage, testImage } from '../../testing/engine/images'

interface DemoImage {
  readonly reference: string
  readonly lines: readonly string[]
}

const data = (name: string, mib: number): string =>
  `RUN dd if=/dev/urandom of=/srv-${name} bs=1M count=${mib} 2>/dev/null`

/** Packages of so many KiB, as an installer leaves them. */
const packages = (...all: string[]): string =>
  `RUN for p in ${all.join(' ')}; do d=/app/node_modules/\${p%:*}; mkdir -p $d/lib $d/docs; ` +
  `dd if=/dev/urandom of=$d/lib/index.js bs=1k count=\${p#*:} 2>/dev/null; ` +
  `echo "{ \\"name\\": \\"\${p%:*}\\" }" > $d/package.json; echo "# \${p%:*}" > $d/docs/README.md; done`

const server = (port: number, lines: readonly string[]): string =>
  `RUN mkdir -p /app/src && printf '%s\\n' ${[
    "import { createServer } from 'node:http'",
    "import { orders } from './orders.js'",
    '',
    `const port = Number(process.env.PORT ?? ${port})`,
    ...lines,
    'createServer(orders).listen(port)',
  ]
    .map((line) => `"${line}"`)
    .join(' ')} > /app/src/server.js`

const shopApi = (version: string, lines: readonly string[], extra: readonly string[]): DemoImage => ({
  reference: `ghcr.io/acme/shop-api:${version}`,
  lines: [
    'WORKDIR /app',
    packages('express:420', 'lodash:1400', 'pg:260', 'pino:330', 'sharp:5200'),
    'RUN mkdir -p /root/.npm && dd if=/dev/urandom of=/root/.npm/cache.tar bs=1k count=3100 2>/dev/null',
    ...lines,
    'RUN rm -rf /root/.npm /app/node_modules/sharp/docs',
    'ENV NODE_ENV=production PORT=3000',
    ...extra,
    'EXPOSE 3000',
    'HEALTHCHECK CMD true',
  ],
})

const images: readonly DemoImage[] = [
  {
    reference: 'redis:7.4',
    lines: [data('redis', 4), 'EXPOSE 6379', 'VOLUME /data', 'CMD ["sleep", "100000"]'],
  },
  {
    reference: 'postgres:16',
    lines: [
      'ENV PGDATA=/var/lib/postgresql/data',
      data('pg', 9),
      'VOLUME /var/lib/postgresql/data',
      'EXPOSE 5432',
    ],
  },
  { reference: 'nginx:1.27', lines: [data('nginx', 5), 'EXPOSE 80', 'STOPSIGNAL SIGQUIT'] },
  shopApi('2.3.1', [server(3000, [])], []),
  shopApi(
    '2.4.0',
    [packages('zod:510'), server(3000, ["process.on('SIGTERM', () => process.exit(0))"])],
    ['ENV LOG_LEVEL=info'],
  ),
  { reference: 'ghcr.io/acme/shop-worker:2.3.1', lines: ['WORKDIR /app', data('worker', 6)] },
  { reference: 'prom/prometheus:v3.1.0', lines: [data('prom', 11), 'EXPOSE 9090'] },
  { reference: 'grafana/grafana:11.4.0', lines: [data('grafana', 12), 'EXPOSE 3000'] },
]

/** Ids: a container, its image, and the next version of that. */
interface Demo {
  readonly api: string
  readonly image: string
  readonly next: string
}

/** Fills the engine and answers the ids that pages are opened with. */
export async function seed(socket: string, config: string): Promise<Demo> {
  const docker = dockerOf(socket, config)
  await testImage(socket)
  await docker('tag', busyboxImage, 'busybox:1.37')
  for (const image of images) await build(socket, config, image)
  await docker('rmi', busyboxImage, noShellImage)
  await docker('network', 'create', '--label', 'com.docker.compose.project=shop', 'shop_default')
  await docker('network', 'create', '--label', 'com.docker.compose.project=metrics', 'metrics_default')
  for (const volume of ['shop_db-data', 'metrics_tsdb', 'backups']) await docker('volume', 'create', volume)
  await startShop(docker)
  await startOthers(docker)
  const api = await docker('inspect', '-f', '{{.Id}}', 'shop-api-1')
  const image = await docker('inspect', '-f', '{{.Image}}', 'shop-api-1')
  const next = await docker('inspect', '-f', '{{.Id}}', 'ghcr.io/acme/shop-api:2.4.0')
  await docker('exec', 'shop-api-1', 'sh', '-c', 'echo "TZ=UTC" > /app/.env; mkdir /app/tmp')
  return { api, image, next }
}

async function build(socket: string, config: string, image: DemoImage): Promise<void> {
  const input = ['FROM busybox:1.37', ...image.lines].join('\n')
  const args = [
    '--config',
    config,
    '--host',
    `unix://${socket}`,
    'build',
    '--network',
    'none',
    '-q',
    '-t',
    image.reference,
    '-',
  ]
  // The old builder needs no plug-in beside the client.
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const ran = await run('docker', args, { input, env, timeoutMs: 120_000 })
  if (ran.code !== 0) throw new Error(ran.stderr)
}

const service = (project: string, name: string): string[] => [
  '--name',
  `${project}-${name}-1`,
  '--network',
  `${project}_default`,
  '--label',
  `com.docker.compose.project=${project}`,
  '--label',
  `com.docker.compose.service=${name}`,
]

const requests = `i=0; while :; do i=$((i+1)); n=$(( (i * 7919) % 97 ));
if [ $((n % 13)) -eq 0 ]; then printf '\\033[33mWARN\\033[0m  slow query on orders: %s ms\\n' $((n * 9 + 200)) >&2; fi
printf '\\033[32mINFO\\033[0m  GET /api/orders/%s 200 %s ms\\n' $((n * 31)) $((n % 23 + 2));
[ $((i % 5)) -eq 0 ] && sleep 0.4; done`

async function startShop(docker: Docker): Promise<void> {
  const start = (...args: string[]): Promise<string> => docker('run', '-d', '--init', ...args)
  await start(
    ...service('shop', 'db'),
    '-v',
    'shop_db-data:/var/lib/postgresql/data',
    '-e',
    'POSTGRES_PASSWORD=correct-horse',
    'postgres:16',
    'sleep',
    '100000',
  )
  await start(...service('shop', 'cache'), 'redis:7.4')
  await start(
    ...service('shop', 'api'),
    ...['-m', '256m', '--restart', 'unless-stopped', '-p', '127.0.0.1:13000:3000'],
    ...['-e', 'DATABASE_URL=postgres://shop:correct-horse@db/shop', '-e', 'LOG_LEVEL=info'],
    ...['ghcr.io/acme/shop-api:2.3.1', 'sh', '-c', requests],
  )
  await start(
    ...service('shop', 'web'),
    '-p',
    '127.0.0.1:18080:80',
    'nginx:1.27',
    'sh',
    '-c',
    'while :; do :; sleep 0.01; done',
  )
  await docker(
    'run',
    ...service('shop', 'migrate'),
    'ghcr.io/acme/shop-worker:2.3.1',
    'sh',
    '-c',
    'echo migrated; exit 0',
  )
  await docker(
    'run',
    ...service('shop', 'worker'),
    'ghcr.io/acme/shop-worker:2.3.1',
    'sh',
    '-c',
    'exit 1',
  ).catch(() => '')
}

async function startOthers(docker: Docker): Promise<void> {
  const start = (...args: string[]): Promise<string> => docker('run', '-d', '--init', ...args)
  await start(
    ...service('metrics', 'prometheus'),
    '-v',
    'metrics_tsdb:/prometheus',
    '-p',
    '127.0.0.1:19090:9090',
    'prom/prometheus:v3.1.0',
    'sleep',
    '100000',
  )
  await start(
    ...service('metrics', 'grafana'),
    '-p',
    '127.0.0.1:13001:3000',
    'grafana/grafana:11.4.0',
    'sleep',
    '100000',
  )
  await start(
    '--name',
    'mailbox',
    '--health-cmd',
    'echo connection refused; false',
    '--health-interval',
    '1s',
    '--health-retries',
    '1',
    'busybox:1.37',
    'sleep',
    '100000',
  )
  await start('--name', 'playground', '-v', '/work', 'busybox:1.37', 'sleep', '100000')
  await docker('pause', 'playground')
  await docker('run', '--name', 'nightly-backup', '-v', 'backups:/backups', 'busybox:1.37', 'true')
}
