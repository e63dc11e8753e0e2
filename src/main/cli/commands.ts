import type { Engine, PublishedPort } from '../../shared/model'
import type { Command, CommandGroup } from './command'
import { machinesOf } from './machine/find-machine'
import { machineGroup } from './machine/machine-commands'
import { machineTable } from './machine/machine-text'
import { diagnose } from './diagnose'
import { reset } from './reset'
import { findContainer, missingContainers, snapshotOf } from './snapshot'
import { sshCommand } from './machine/ssh'
import { table } from './table'

export const help = `slipway: containers on this machine, from the window, the browser or here

  slipway serve [--port N]       the window in a browser, on this machine only
  slipway status                 the engines and machines and what state they are in
  slipway ps                     all containers
  slipway start NAME...          start containers, by name or id
  slipway stop NAME...
  slipway restart NAME...
  slipway machine COMMAND        Linux VMs: ls, create, up, start, stop, suspend, restart, rm,
                                 ssh, logs, console, ports
  slipway ssh [MACHINE] [COMMAND...]
                                 a shell in a machine, or one command in it
  slipway diagnose               what is wrong, and the command that mends it; --report prints a
                                 text to give away
  slipway reset                  take away all that Slipway made for itself; asks for a word
  slipway open PATH              show a page in the open window, such as /images
  slipway --help                 this text; slipway COMMAND --help tells more

Everything but serve asks the running Slipway, which the app or \`slipway serve\` starts.
--json prints data instead of text. Exit codes: 0 done, 1 failed, 2 not understood.
`

const status: Command = {
  words: [0, 0],
  help: 'slipway status [--json]: the engines and machines and what state they are in\n',
  run: async ({ client }) => {
    const { version } = await client.call('app.info', {})
    const [{ engines }, machines] = [await snapshotOf(client), await machinesOf(client)]
    const parts = [
      engines.length === 0
        ? `Slipway ${version}: no engine was found`
        : `Slipway ${version}\n${table([['ENGINE', 'STATE', 'VERSION'], ...engines.map(engineRow)])}`,
      ...(machines.length > 0 ? [machineTable(machines)] : []),
    ]
    return { text: parts.join('\n\n'), data: { version, engines, machines } }
  },
}

const ps: Command = {
  words: [0, 0],
  help: 'slipway ps [--json]: all containers\n',
  run: async ({ client }) => {
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
    const all = table([['ID', 'NAME', 'IMAGE', 'STATUS', 'PORTS', 'ENGINE'], ...rows])
    const notes = table(missingContainers(engines).map((why) => [why]))
    return { text: notes ? `${all}\n\n${notes}` : all, data: containers }
  },
}

const open: Command = {
  words: [1, 1],
  help: 'slipway open PATH: shows a page in the open window, such as /images\n',
  run: async ({ client, words: [path = ''] }) => {
    await client.call('window.show', { path })
    return { text: '' }
  },
}

export const commands: Readonly<Record<string, Command | CommandGroup>> = {
  status,
  ps,
  start: forEach('start'),
  stop: forEach('stop'),
  restart: forEach('restart'),
  machine: machineGroup,
  ssh: sshCommand,
  diagnose,
  reset,
  open,
}

function forEach(verb: 'start' | 'stop' | 'restart'): Command {
  return {
    words: [1, Number.POSITIVE_INFINITY],
    help: `slipway ${verb} NAME... [--json]: ${verb}s containers, by name or id\n`,
    run: async ({ client, words }) => {
      const snapshot = await snapshotOf(client)
      // All are looked up before the first is touched: a typing mistake must not do half of it.
      const found = words.map((asked) => findContainer(snapshot, asked))
      await Promise.all(found.map(({ engine, id }) => client.call(`containers.${verb}`, { engine, id })))
      return {
        text: found.map((container) => table([[container.name]])).join('\n'),
        data: found.map(({ engine, id, name }) => ({ engine, id, name })),
      }
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
