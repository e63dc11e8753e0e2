import type {
  Container,
  ContainerId,
  Engine,
  EngineId,
  ImageId,
  InventoryItem,
  Task,
  TaskId,
} from '../../src/shared/model'

export const localEngine = 'local' as EngineId

export const engineRow = (change: Partial<Engine> = {}): Engine => ({
  id: localEngine,
  name: 'Local',
  origin: 'socket',
  address: 'unix:///var/run/docker.sock',
  state: { kind: 'running', sinceMs: 0 },
  features: { platform: true },
  clockSkewMs: 0,
  isOurs: false,
  ...change,
})

export const containerRow = (name: string, change: Partial<Container> = {}): Container => ({
  engine: localEngine,
  id: name.padEnd(64, '0') as ContainerId,
  name,
  image: 'nginx:1.27',
  imageId: 'sha256:1' as ImageId,
  command: 'nginx',
  createdAtMs: 0,
  state: 'running',
  status: 'Up 5 minutes',
  ports: [],
  mounts: [],
  networks: [],
  labels: {},
  ...change,
})

export const snapshotOf = (containers: readonly Container[], engines = [engineRow()]): InventoryItem => ({
  kind: 'snapshot',
  engines,
  roads: [],
  slices: [{ engine: localEngine, kind: 'containers', rev: 1, rows: containers }],
})

export const taskRow = (id: string, change: Partial<Task> = {}): Task => ({
  id: id as TaskId,
  kind: 'containers.stop',
  engine: localEngine,
  subject: 'web',
  state: 'done',
  startedAtMs: 1000,
  endedAtMs: 3000,
  command: 'docker stop web',
  canCancel: false,
  parts: [],
  ...change,
})
