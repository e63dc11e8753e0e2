// Made-up rows and details for this folder's tests.
import type { Container, ContainerDetail, StatSample } from '../../../shared/model'

type Loose<T> = { readonly [K in keyof T]?: T[K] extends string ? string : T[K] }

export function container(given: Loose<Container> = {}): Container {
  return {
    engine: 'local',
    id: (given.name ?? 'web').padEnd(64, '0'),
    name: 'web',
    image: 'nginx',
    imageId: 'sha256:1',
    command: 'nginx -g daemon off;',
    createdAtMs: Date.UTC(2026, 0, 1),
    state: 'running',
    status: 'Up 5 minutes',
    ports: [],
    mounts: [],
    networks: [{ name: 'bridge', ip: '172.17.0.2' }],
    labels: {},
    ...given,
  } as Container
}

export function detail(given: Loose<ContainerDetail> = {}): ContainerDetail {
  return {
    id: 'web'.padEnd(64, '0'),
    name: 'web',
    image: 'nginx',
    imageId: 'sha256:1',
    createdAtMs: Date.UTC(2026, 0, 1),
    running: true,
    paused: false,
    restarting: false,
    restartCount: 0,
    tty: false,
    openStdin: false,
    pid: 4242,
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    workdir: '/',
    user: '',
    hostname: 'web',
    env: [],
    labels: {},
    restartPolicy: 'no',
    logDriver: 'json-file',
    ports: [],
    mounts: [],
    networks: [],
    limits: { memoryBytes: 0, cpus: 0, pids: 0 },
    privileged: false,
    readOnlyRoot: false,
    raw: {},
    ...given,
  } as ContainerDetail
}

export function sample(given: Loose<StatSample> = {}): StatSample {
  return {
    engine: 'local',
    id: 'web'.padEnd(64, '0'),
    atMs: 0,
    cpuPercent: 0,
    memoryBytes: 0,
    memoryLimitBytes: 0,
    pids: 1,
    netRxBytes: 0,
    netTxBytes: 0,
    blockReadBytes: 0,
    blockWriteBytes: 0,
    ...given,
  } as StatSample
}
