import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { context, openLayerLab, type LayerLab, type Road } from '../../../../testing/layers/layer-lab'
import type { ContainerChanges } from '../../../shared/model'

let lab: LayerLab
beforeAll(async () => void (lab = await openLayerLab()), 60_000)
afterAll(() => lab.close())

async function startedContainer(script: string): Promise<string> {
  const body = { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } }
  const { Id } = await lab.engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(async () => {
    await lab.engine.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } })
  })
  await lab.engine.json({ method: 'POST', path: `/containers/${Id}/start`, timeoutMs: 60_000 })
  return Id
}

async function changesWhen(
  { layers, engine }: Road,
  container: string,
  is: (changes: ContainerChanges) => boolean,
): Promise<ContainerChanges> {
  for await (const item of layers.handlers['layers.changes']({ engine, container }, context))
    if (is(item)) return item
  throw new Error('The stream ended')
}

test('the changes of a container are told by both roads, and again when there are more', async () => {
  const script = `rm /etc/group; echo changed > /etc/passwd; mkdir -p /data/deep; echo new > /data/deep/file
    rm -r /root; mkdir /root; echo x > /root/made; touch /ready
    until test -e /tmp/go; do sleep 0.1; done; echo more > /data/more; sleep 1000`
  const container = await startedContainer(script)
  const expected = [
    ['/data', 'added'],
    ['/data/deep', 'added'],
    ['/data/deep/file', 'added'],
    ['/etc/group', 'removed'],
    ['/etc/passwd', 'changed'],
    ['/ready', 'added'],
    ['/root/made', 'added'],
  ]
  const [byAgent, byApi] = [lab.agentRoad(), lab.saveRoad()]
  const isReady = ({ changes }: ContainerChanges): boolean => changes.some(({ path }) => path === '/ready')
  for (const [road, name] of [
    [byAgent, 'agent'],
    [byApi, 'api'],
  ] as const) {
    const { changes, road: told } = await changesWhen(road, container, isReady)
    expect(told).toBe(name)
    expect(changes.map(({ path, change }) => [path, change])).toEqual(expected)
  }
  const { changes } = await changesWhen(byAgent, container, isReady)
  expect(changes.find(({ path }) => path === '/data/deep/file')).toMatchObject({ kind: 'file', sizeBytes: 4 })
  const more = changesWhen(byAgent, container, ({ changes: now }) =>
    now.some(({ path }) => path === '/data/more'),
  )
  const exec = await lab.engine.json<{ Id: string }>({
    ...{ method: 'POST', path: `/containers/${container}/exec`, body: { Cmd: ['touch', '/tmp/go'] } },
  })
  await lab.engine.json({ method: 'POST', path: `/exec/${exec.Id}/start`, body: { Detach: true } })
  expect((await more).changes.length).toBeGreaterThan(changes.length)
}, 120_000)
