import { expect, test } from 'vitest'
import { containerRow, engineRow } from '../../../../testing/window/rows'
import type { Container, ContainerState, Image, Network, Volume } from '../../../shared/model'
import { containerMenu } from '../../features/containers/actions/menu'
import type { Translate } from '../../i18n'
import { en } from '../../i18n/en'
import type { MenuItem } from '../../ui'
import type { Command } from './find-commands'
import { leavesOf } from './menu-commands'
import {
  containerCommand,
  engineCommand,
  imageCommand,
  networkCommand,
  projectCommand,
  volumeCommand,
  type CommandTools,
} from './object-commands'

const t = ((key: string) => key) as Translate
const tools: CommandTools = {
  t,
  navigate: () => undefined,
  onDialog: () => undefined,
  engines: [engineRow()],
  shown: undefined,
  agents: new Map(),
  users: () => [],
}
const states: readonly ContainerState[] = [
  ...(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const),
]
const web = (change: Partial<Container> = {}): Container =>
  containerRow('web', {
    ports: [{ hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    project: 'shop',
    ...change,
  })

/** The lines of a menu that can be chosen, those of submenus too. */
const linesOf = (items: readonly MenuItem[]): readonly string[] =>
  items.flatMap((item) => {
    if (item === 'separator') return []
    return 'items' in item ? linesOf(item.items).map((line) => `${item.label}: ${line}`) : [item.label]
  })

/** A verb that is told and not made would be found, and do nothing; one that is not told is not found. */
function expectTold(command: Command): void {
  const actions = command.actions?.() ?? []
  const made = [...actions, ...leavesOf(actions)].flatMap(({ verb }) => verb ?? [])
  expect(new Set(command.verbs)).toEqual(new Set(made))
}

test.each(states)('whatever the menu of a container that is %s offers, the palette offers', (state) => {
  const row = web({ state })
  const menu = containerMenu([row], {
    ...{ t, navigate: tools.navigate, onDialog: () => undefined },
    engineOf: () => engineRow(),
  })
  const command = containerCommand(row, tools)
  expect(leavesOf(command.actions?.() ?? []).map(({ label }) => label)).toEqual(linesOf(menu))
  expectTold(command)
  expectTold(projectCommand([row, web({ state: 'exited' })], tools))
})

test('the verbs of other objects are those of their menus', () => {
  const image = { engine: 'local', id: 'sha256:1', tags: ['a:1', 'a:2'] } as unknown as Image
  const network = { engine: 'local', id: 'n', name: 'shop', driver: 'bridge' } as Network
  expectTold(imageCommand(image, tools))
  expectTold(imageCommand({ ...image, tags: [] }, tools))
  expectTold(volumeCommand({ engine: 'local', id: 'data', driver: 'local' } as unknown as Volume, tools))
  expectTold(networkCommand(network, tools))
  expectTold(networkCommand(network, { ...tools, users: () => [web()] }))
  expectTold(networkCommand({ ...network, name: 'host', isPredefined: true }, tools))
  expectTold(engineCommand(engineRow({ isOurs: true }), tools))
})

test('an action says what it asks, by its own icon where it has a verb', () => {
  const actions = containerCommand(web(), tools).actions?.() ?? []
  const named = actions.filter(({ verb }) => verb)
  expect(named.filter(({ icon }) => !icon)).toEqual([])
  expect(named.every(({ verb, keywords }) => verb && keywords === en.shell.palette.words[verb])).toBe(true)
})
