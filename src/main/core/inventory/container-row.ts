import type {
  Container,
  ContainerId,
  ContainerMount,
  EngineId,
  ImageId,
  PublishedPort,
} from '../../../shared/model'
import { readStatus, stateOf } from './container-status'
import { answer, answers, list, number, pairs, pick, text, texts, timeMs, type Answer } from './reading'

/** A row of `GET /containers/json`. `undefined` for what has no id. */
export function containerRow(engine: EngineId, value: unknown): Container | undefined {
  const row = answer(value)
  const id = text(row['Id'])
  if (!id) return undefined
  const status = text(row['Status'])
  const state = stateOf(text(row['State']), status)
  const labels = pairs(row['Labels'])
  return {
    engine,
    id: id as ContainerId,
    name: nameOf(row['Names']) || id.slice(0, 12),
    image: text(row['Image']),
    imageId: (text(row['ImageID']) || text(row['ImageId'])) as ImageId,
    command: Array.isArray(row['Command']) ? texts(row['Command']).join(' ') : text(row['Command']),
    createdAtMs: timeMs(row['Created']),
    state,
    status,
    ...readStatus(status, state),
    ports: portsOf(row['Ports']),
    mounts: answers(row['Mounts']).map(mountOf),
    networks: networksOf(row['NetworkSettings']),
    labels,
    ...projectOf(labels),
  }
}

/** A linked container is also named `/other/alias`; its own name has one part. */
function nameOf(value: unknown): string {
  const names = texts(value).map((name) => name.replace(/^\//, ''))
  return names.find((name) => !name.includes('/')) ?? names[0] ?? ''
}

function portsOf(value: unknown): PublishedPort[] {
  return answers(value)
    .map((port): PublishedPort => {
      const hostIp = text(port['IP'])
      const hostPort = number(port['PublicPort'])
      return {
        protocol: protocolOf(text(port['Type'])),
        containerPort: number(port['PrivatePort']),
        ...(hostPort > 0 && { hostPort }),
        ...(hostPort > 0 && hostIp && { hostIp }),
      }
    })
    .sort(
      (a, b) => a.containerPort - b.containerPort || (a.hostPort ?? 0) - (b.hostPort ?? 0) || compare(a, b),
    )
}

/** The engine gives ports in any order; a row that differs in order only has not changed. */
function compare(a: PublishedPort, b: PublishedPort): number {
  const [left, right] = [a, b].map(({ protocol, hostIp }) => `${protocol} ${hostIp ?? ''}`) as [
    string,
    string,
  ]
  return left < right ? -1 : left > right ? 1 : 0
}

const protocolOf = (word: string): PublishedPort['protocol'] =>
  word === 'udp' || word === 'sctp' ? word : 'tcp'

const mountTypes = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image'] as const

function mountOf(mount: Answer): ContainerMount {
  const word = text(mount['Type'])
  const type = mountTypes.find((known) => known === word) ?? (text(mount['Name']) ? 'volume' : 'bind')
  return {
    type,
    source: (type === 'volume' && text(mount['Name'])) || text(mount['Source']),
    target: text(mount['Destination']),
    isReadOnly: mount['RW'] === false,
  }
}

function networksOf(value: unknown): { name: string; ip?: string }[] {
  return Object.entries(answer(answer(value)['Networks']))
    .map(([name, network]) => {
      const ip = text(answer(network)['IPAddress'])
      return { name, ...(ip && { ip }) }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function projectOf(labels: Readonly<Record<string, string>>): { project?: string; service?: string } {
  const project = pick(labels, 'com.docker.compose.project') ?? pick(labels, 'io.podman.compose.project')
  const service = pick(labels, 'com.docker.compose.service')
  return { ...(project && { project }), ...(service && { service }) }
}

export const containerRows = (engine: EngineId, value: unknown): Container[] =>
  list(value).flatMap((row) => containerRow(engine, row) ?? [])
