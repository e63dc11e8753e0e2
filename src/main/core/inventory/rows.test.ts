import { expect, test } from 'vitest'
import { fakeContainer } from '../../../../testing/fake-engine/fake-engine'
import type { EngineId } from '../../../shared/model'
import { containerRow } from './container-row'
import { agelessStatus, readStatus, stateOf } from './container-status'
import { imageRow, imageRows } from './image-row'
import { networkRow } from './network-row'
import { volumeRow, volumeRows } from './volume-row'

const engine = 'e' as EngineId
const nonsense = [undefined, null, [], 'x', 7, {}, { Id: 5 }, { Id: '', Name: '' }]

test('what has no id is no row', () => {
  for (const value of nonsense) {
    for (const row of [containerRow, imageRow, volumeRow, networkRow])
      expect(row(engine, value)).toBeUndefined()
  }
  expect(imageRows(engine, null)).toEqual([])
  expect(volumeRows(engine, { Volumes: null })).toEqual([])
})

test('a container with nothing but an id is a row', () => {
  const bare = {
    Id: 'a'.repeat(64),
    Names: null,
    Ports: null,
    Mounts: null,
    Labels: null,
    NetworkSettings: null,
  }
  expect(containerRow(engine, bare)).toEqual({
    engine,
    id: 'a'.repeat(64),
    name: 'aaaaaaaaaaaa',
    image: '',
    imageId: '',
    command: '',
    createdAtMs: 0,
    state: 'exited',
    status: '',
    ports: [],
    mounts: [],
    networks: [],
    labels: {},
  })
})

test("a container's own name is the one with one part, with or without a slash", () => {
  const name = (...Names: string[]): unknown => containerRow(engine, fakeContainer(1, { Names }))?.name
  expect(name('/web/db', '/db')).toBe('db')
  expect(name('podman-name')).toBe('podman-name')
})

test('ports, mounts and networks are read whole and in one order', () => {
  const row = containerRow(
    engine,
    fakeContainer(1, {
      Ports: [
        { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
        { PrivatePort: 53, Type: 'udp' },
        { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      ],
      Mounts: [
        { Type: 'volume', Name: 'v', Source: '/var/lib/v', Destination: '/data', RW: false },
        { Type: 'bind', Source: '/home', Destination: '/h', RW: true },
        { Type: 'future', Destination: '/f' },
      ],
      NetworkSettings: { Networks: { b: { IPAddress: '' }, a: null } },
    }),
  )
  expect(row?.ports.map((port) => port.hostIp ?? port.protocol)).toEqual(['udp', '0.0.0.0', '::'])
  expect(row?.mounts).toEqual([
    { type: 'volume', source: 'v', target: '/data', isReadOnly: true },
    { type: 'bind', source: '/home', target: '/h', isReadOnly: false },
    { type: 'bind', source: '', target: '/f', isReadOnly: false },
  ])
  expect(row?.networks).toEqual([{ name: 'a' }, { name: 'b' }])
})

test('labels are own keys only, and a project comes from the label alone', () => {
  const labels = JSON.parse(
    '{"__proto__":"x","com.docker.compose.project":"p","com.docker.compose.service":"s","n":7}',
  ) as object
  const row = containerRow(engine, fakeContainer(1, { Labels: labels }))
  expect(Object.keys(row?.labels ?? {})).toContain('__proto__')
  expect(row).toMatchObject({ project: 'p', service: 's' })
  expect(containerRow(engine, fakeContainer(1, { Labels: { constructor: 'x' } }))?.project).toBeUndefined()
})

test.each([
  ['Up 5 minutes (healthy)', 'running', { health: 'healthy' }],
  ['Up 2 seconds (health: starting)', 'running', { health: 'starting' }],
  ['Up 3 days (unhealthy)', 'running', { health: 'unhealthy' }],
  ['Up 3 days', 'running', {}],
  ['Exited (137) 2 hours ago', 'exited', { exitCode: 137 }],
  ['Exited (-1) 2 hours ago', 'exited', { exitCode: -1 }],
  ['Restarting (1) 5 seconds ago', 'restarting', { exitCode: 1 }],
  ['Dead', 'dead', {}],
  ['Created', 'created', {}],
  ['', 'exited', {}],
] as const)('the status %j tells %s %j', (status, state, facts) => {
  expect(readStatus(status, state)).toEqual(facts)
})

test.each([
  ['running', '', 'running'],
  ['configured', '', 'created'],
  ['stopped', '', 'exited'],
  ['stopping', '', 'running'],
  ['constructor', '', 'exited'],
  ['', 'Up 2 seconds (Paused)', 'paused'],
  ['', 'Created', 'created'],
])('the state word %j with status %j is %s', (word, status, state) => {
  expect(stateOf(word, status)).toBe(state)
})

test('only the age is taken out of a status', () => {
  const same = [
    'Up Less than a second',
    'Up About a minute',
    'Up About an hour',
    'Up 5 minutes',
    'Up 2 weeks',
  ].map(agelessStatus)
  expect(new Set(same).size).toBe(1)
  expect(agelessStatus('Exited (0) 3 months ago')).toBe(agelessStatus('Exited (0) 1 second ago'))
  expect(agelessStatus('Exited (1) 3 months ago')).not.toBe(agelessStatus('Exited (0) 3 months ago'))
})

test('a list row and an inspect of one image give one row', () => {
  const common = {
    Id: 'sha256:1',
    RepoTags: ['b:1', '<none>:<none>', 'a:1'],
    RepoDigests: ['<none>@<none>'],
    Size: 9,
  }
  const listed = imageRow(engine, { ...common, Created: 1_700_000_000, Labels: { k: 'v' } })
  const read = imageRow(engine, {
    ...common,
    Created: '2023-11-14T22:13:20.987654321Z',
    Config: { Labels: { k: 'v' } },
  })
  expect(read).toEqual(listed)
  expect(listed).toMatchObject({ tags: ['a:1', 'b:1'], digests: [], createdAtMs: 1_700_000_000_000 })
  expect(imageRow(engine, { ...common, Id: 'b'.repeat(64) })?.id).toBe(`sha256:${'b'.repeat(64)}`)
})

test('a digest that is listed as a tag is none, and is told once', () => {
  const name = `a/b@sha256:${'b'.repeat(64)}`
  const row = imageRow(engine, { Id: 'sha256:1', RepoTags: [name], RepoDigests: [name, name] })
  expect(row).toMatchObject({ tags: [], digests: [name] })
})

test("anonymous volumes are known by label or by name, and Go's zero time is never", () => {
  expect(volumeRow(engine, { Name: 'v', CreatedAt: '0001-01-01T00:00:00Z' })).toMatchObject({
    isAnonymous: false,
    createdAtMs: 0,
  })
  expect(volumeRow(engine, { Name: 'v', Labels: { 'com.docker.volume.anonymous': '' } })?.isAnonymous).toBe(
    true,
  )
  expect(volumeRow(engine, { Name: 'f'.repeat(64) })?.isAnonymous).toBe(true)
})

test('predefined networks are marked, and IPAM may be missing', () => {
  const row = (Name: string, more = {}): unknown => networkRow(engine, { Id: '1', Name, ...more })
  expect(
    row('bridge', { IPAM: { Config: [{ Subnet: '10.0.0.0/8', Gateway: '10.0.0.1' }, {}, null] } }),
  ).toMatchObject({
    isPredefined: true,
    subnets: [{ subnet: '10.0.0.0/8', gateway: '10.0.0.1' }],
  })
  expect(row('own', { IPAM: null })).toMatchObject({ isPredefined: false, subnets: [] })
})
