import { AppError } from '../../../shared/errors'
import type { Command, CommandGroup, Request } from '../command'
import { findMachine, machinesOf } from './find-machine'
import { createCommand, upCommand } from './machine-create'
import { machineTable, portTable, sizeText } from './machine-text'
import { sshCommand } from './ssh'
import { startMachine } from './start-machine'

const help = `slipway machine: the Linux VMs that Slipway runs

  slipway machine ls                  all machines: state, what they run on, what they may take
  slipway machine create [NAME]       make one that fits this computer
  slipway machine up [NAME]           make one if there is none, start it, tell each stage
  slipway machine start [NAME]        resume or boot; --cold drops the suspended state
  slipway machine suspend [NAME]      save it as it runs; the next start goes on from there
  slipway machine stop [NAME]         shut it down in order; --kill pulls the plug
  slipway machine restart [NAME]
  slipway machine rm NAME             remove it with its disk; lists what goes and asks
  slipway machine ssh [NAME] [COMMAND...]
                                      a shell in it, or one command; slipway ssh is the same
  slipway machine logs [NAME]         the log of its life
  slipway machine console [NAME]      its serial console, until Ctrl-C
  slipway machine ports [NAME]        the published ports as they stand on this computer

NAME may be left out while there is only one. --json prints data instead of text.
`

const one = async ({ client, words }: Request) => findMachine(await machinesOf(client), words[0])

const ls: Command = {
  words: [0, 0],
  help: 'slipway machine ls [--json]: all machines\n',
  run: async ({ client }) => {
    const machines = await machinesOf(client)
    return {
      text:
        machines.length === 0 ? 'No machines: make one with slipway machine create' : machineTable(machines),
      data: machines,
    }
  },
}

const start: Command = {
  words: [0, 1],
  options: { cold: { type: 'boolean' } },
  help: 'slipway machine start [NAME] [--cold] [--json]: resumes or boots it and tells each stage\n',
  run: async (request) => {
    const { id, settings } = await one(request)
    const { client, io, options } = request
    const up = await startMachine(
      client,
      { id, name: settings.name },
      { io, isCold: options['cold'] === true },
    )
    return { text: settings.name, data: up ?? { machine: id } }
  },
}

const end = (verb: 'suspend' | 'stop', text: string): Command => ({
  words: [0, 1],
  ...(verb === 'stop' && { options: { kill: { type: 'boolean' } } }),
  help: `slipway machine ${verb} [NAME]${verb === 'stop' ? ' [--kill]' : ''} [--json]: ${text}\n`,
  run: async (request) => {
    const { id, settings } = await one(request)
    const how = verb === 'suspend' ? 'suspend' : request.options['kill'] === true ? 'kill' : 'shutdown'
    await request.client.call('machines.stop', { machine: id, how }, request.io.signal)
    return { text: settings.name, data: { machine: id } }
  },
})

const restart: Command = {
  words: [0, 1],
  help: 'slipway machine restart [NAME] [--json]\n',
  run: async (request) => {
    const { id, settings } = await one(request)
    await request.client.call('machines.restart', { machine: id }, request.io.signal)
    return { text: settings.name, data: { machine: id } }
  },
}

const rm: Command = {
  words: [1, 1],
  options: { confirm: { type: 'string' } },
  help: `slipway machine rm NAME [--confirm NAME] [--json]: removes it with its disk, snapshots and settings

It lists what goes and how big it is, and asks for the name. --confirm NAME answers that.
`,
  run: async (request) => {
    const { client, io, options } = request
    const { id, settings } = await one(request)
    const plan = await client.call('machines.deletePlan', { machine: id })
    if (options['confirm'] === undefined)
      for (const { what, path, bytes } of plan.items) io.complain(`${what}  ${path}  ${sizeText(bytes)}`)
    const typed =
      options['confirm'] ?? (await io.ask(`Type ${settings.name} to remove all of this for good: `))
    if (typeof typed !== 'string')
      throw new AppError('input.invalid', `Nobody is here to ask: say --confirm ${settings.name}`)
    await client.call('machines.remove', { machine: id, typedName: typed.trim() })
    return { text: settings.name, data: { machine: id, plan } }
  },
}

const logs: Command = {
  words: [0, 1],
  help: 'slipway machine logs [NAME] [--json]: what core did and saw of it\n',
  run: async (request) => {
    const { id } = await one(request)
    const { lines } = await request.client.call('machines.log', { machine: id })
    return { text: lines.join('\n'), data: { lines } }
  },
}

const console: Command = {
  words: [0, 1],
  help: 'slipway machine console [NAME]: what it says on its serial console, until Ctrl-C\n',
  run: async (request) => {
    const { id } = await one(request)
    const { client, io } = request
    const stream = client.stream('machines.console', { machine: id })
    io.signal.addEventListener('abort', () => stream.cancel(), { once: true })
    for await (const bytes of stream) await io.terminal.write(bytes)
    return { text: '' }
  },
}

const ports: Command = {
  words: [0, 1],
  help: 'slipway machine ports [NAME] [--json]: where the published ports stand on this computer\n',
  run: async (request) => {
    const machine = await one(request)
    return {
      text: machine.ports.length === 0 ? 'No published ports' : portTable(machine.ports),
      data: machine.ports,
    }
  },
}

export const machineGroup: CommandGroup = {
  help,
  commands: {
    ls,
    create: createCommand,
    up: upCommand,
    start,
    suspend: end('suspend', 'saves it as it runs'),
    stop: end('stop', 'shuts it down in order'),
    restart,
    rm,
    ssh: sshCommand,
    logs,
    console,
    ports,
  },
}
