import { afterAll, beforeAll, expect, test } from 'vitest'
import { containerRow, engineRow } from '../../../../testing/window/rows'
import type { Image, Network, Volume } from '../../../shared/model'
import { sampleMachine } from '../../features/machines/sample-machines'
import { setLanguage, translate as t } from '../../i18n'
import { findAll } from './find-actions'
import type { Command } from './find-commands'
import { leavesOf } from './menu-commands'
import {
  containerCommand,
  engineCommand,
  imageCommand,
  machineCommand,
  networkCommand,
  volumeCommand,
  type CommandTools,
} from './object-commands'

const ports = [{ hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' as const }]
const engines = [engineRow({ name: 'thing' }), engineRow({ id: 'far' as never, name: 'far' })]
const tools: CommandTools = {
  t,
  navigate: () => undefined,
  onDialog: () => undefined,
  engines,
  shown: undefined,
  agents: new Map([[engines[0]?.id as never, { kind: 'unasked' }]]),
  users: () => [containerRow('user')],
}
const network = { engine: 'local', id: 'n', name: 'thing', driver: 'bridge' } as Network

const objects = (): readonly Command[] => [
  containerCommand(containerRow('thing', { ports }), tools),
  containerCommand(containerRow('thing', { state: 'exited' }), tools),
  containerCommand(containerRow('thing', { state: 'paused' }), tools),
  imageCommand({ engine: 'local', id: 'sha256:1', tags: ['thing', 'other'] } as unknown as Image, tools),
  volumeCommand({ engine: 'local', id: 'thing', driver: 'local' } as unknown as Volume, tools),
  networkCommand(network, tools),
  engineCommand(engines[0] as never, tools),
  machineCommand({ ...sampleMachine(), settings: { ...sampleMachine().settings, name: 'thing' } }, tools),
]

afterAll(() => setLanguage('en'))

test.each(['en', 'ko'] as const)('what an action is called finds it beside a name (%s)', async (language) => {
  await setLanguage(language)
  const missed: string[] = []
  for (const object of objects()) {
    const actions = object.actions?.() ?? []
    for (const action of [...actions, ...leavesOf(actions)]) {
      if (action.verb === undefined) continue
      const words = action.label.replace(/[…:]/g, ' ')
      const found = findAll(t, [object], `${words} thing`)
      if (!found.some(({ verb }) => verb === action.verb)) missed.push(`${action.verb}: ${action.label}`)
    }
  }
  expect(missed).toEqual([])
})

beforeAll(() => setLanguage('en'))

test('words of many things bring up nothing of an object that was not named', () => {
  const copied = (query: string) =>
    findAll(t, objects(), query).filter(({ verb }) => verb?.startsWith('copy'))
  expect(copied('docker')).toEqual([])
  expect(copied('docker thing').length).toBeGreaterThan(0)
  const verbs = (query: string) => findAll(t, objects(), query).flatMap(({ verb }) => verb ?? [])
  expect(verbs('new')).toEqual([])
  expect(verbs('on the host')).toEqual([])
  expect(verbs('terminal')).toContain('terminal')
})
