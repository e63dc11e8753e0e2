import type { Client } from '../../shared/contract'
import type { Engine, PublishedPort } from '../../shared/model'
import { findContainer, snapshotOf } from './snapshot'
import { table } from './table'

export const help = `slipway: containers on this machine, from the window, the browser or here

  slipway serve [--port N]       the window in a browser, on this machine only
  slipway status                 the engines and what state they are in
  slipway ps                     all containers
  slipway start NAME...          start containers, by name or id
  slipway stop NAME...
  slipway restart NAME...
  slipway open PATH              show a page in the open window, such as /images
  slipway --help                 this text

Everything but serve asks the running Slipway, which the app or \`slipway serve\` starts.
`

export interface Command {
  /** How many arguments it takes. */
  readonly takes: 'none' | 'one' | 'some'
  /** Answers the text to print. */
  run(client: Client, args: readonly string[]): Promise<string>
}

export const commands: Readonly<Record<string, Command>> = {
  status: {
    takes: 'none',
    run: async (client) => {
      const [{ version }, { engines }] = [await client.call('app.info', {}), await snapshotOf(client)]
      if (engines.length === 0) return `Slipway ${version}: no engine was found`
      return `Slipway ${version}\n${table([['ENGINE', 'STATE', 'VERSION'], ...engines.map(engineRow)])}`
    },
  },
  ps: {
    takes: 'none',
    run: async (client) => {
      const { containers, engines } = await snapshotOf(client)
      const names = new Map(engines.map(({ id, name }) => [id, name]))
      const rows = containers.map((c) => [
        c.id.slice(0, 12),
        c.name,
        c.image,
        c.status || c.state,
        c.ports.map(portText).filter(Boolean).join(', '),
        names.get(c.engine) ?? c.engine,
      ])
      return table([['ID', 'NAME', 'IMAGE', 'STATUS', 'PORTS', 'ENGINE'], ...rows])
    },
  },
  start: forEach('containers.start'),
  stop: forEach('containers.stop'),
  restart: forEach('containers.restart'),
  open: {
    takes: 'one',
    run: async (client, [path = '']) => {
      await client.call('window.show', { path })
      return ''
    },
  },
}

function forEach(name: 'containers.start' | 'containers.stop' | 'containers.restart'): Command {
  return {
    takes: 'some',
    run: async (client, args) => {
      const { containers } = await snapshotOf(client)
      // All are looked up before the first is touched: a typing mistake must not do half of it.
      const found = args.map((asked) => findContainer(containers, asked))
      await Promise.all(found.map(({ engine, id }) => client.call(name, { engine, id })))
      return found.map((container) => table([[container.name]])).join('\n')
    },
  }
}

const engineRow = ({ name, state, facts }: Engine): string[] => [
  name,
  state.kind === 'lost' ? `lost (${state.error.code})` : state.kind,
  facts?.version ?? '',
]

const portText = ({ hostIp, hostPort, containerPort, protocol }: PublishedPort): string =>
  hostPort === undefined ? '' : `${hostIp ? `${hostIp}:` : ''}${hostPort}->${containerPort}/${protocol}`
