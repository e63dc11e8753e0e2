import * as v from 'valibot'
import type { Client } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import { machineBackends, machineSettingsSchema, type MachineSettings } from '../../../shared/model'
import type { Answer, Command, Options, Request } from '../command'
import { findMachine, machinesOf } from './find-machine'
import { machineTable } from './machine-text'
import { startMachine } from './start-machine'

const shape = {
  cpus: { type: 'string' },
  memory: { type: 'string' },
  swap: { type: 'string' },
  disk: { type: 'string' },
  backend: { type: 'string' },
  share: { type: 'string', multiple: true },
  'no-share': { type: 'boolean' },
  start: { type: 'boolean' },
} as const satisfies Command['options']

const optionHelp = `  --cpus N           processors
  --memory SIZE      such as 4096 (MiB) or 4g
  --swap SIZE        none when left out
  --disk GIB         the most that its disk may grow to
  --backend NAME     ${machineBackends.join(', ')}
  --share PATH[:ro]  a folder of this computer at the same path inside; several may be given
  --no-share         none, not even the home folder
`

export const createCommand: Command = {
  words: [0, 1],
  options: shape,
  help: `slipway machine create [NAME] [options]: makes the machine that fits this computer

${optionHelp}  --start            starts it, too
  --json             what was made, as JSON
`,
  run: async ({ client, words, options, io }) => {
    const settings = await wantedSettings(client, words[0], options)
    const { machine: id } = await client.call('machines.create', { settings })
    if (options['start'] === true) await startMachine(client, { id, name: settings.name }, { io })
    return { text: settings.name, data: { machine: id, settings } }
  },
}

export const upCommand: Command = {
  words: [0, 1],
  options: shape,
  help: `slipway machine up [NAME] [options]: makes a machine if there is none, starts it, and tells each stage

${optionHelp}  --json             the machine as it then is, as JSON

The options count only when it is made.
`,
  run: up,
}

async function up({ client, words, options, io }: Request): Promise<Answer> {
  const machines = await machinesOf(client)
  const [asked] = words
  const known =
    asked === undefined
      ? machines.length > 0 && findMachine(machines, undefined)
      : machines.find(({ settings }) => settings.name === asked)
  const name = known ? known.settings.name : undefined
  const machine = known ? { id: known.id, name: known.settings.name } : await make()
  if (name !== undefined) io.complain(`${name}: is there`)
  const up = await startMachine(client, machine, { io })
  return { text: up ? machineTable([up]) : machine.name, data: up ?? { machine: machine.id } }

  async function make() {
    const settings = await wantedSettings(client, asked, options)
    const made = await client.call('machines.create', { settings })
    io.complain(
      `${settings.name}: made with ${settings.cpus} CPUs, ${settings.memoryMiB} MiB of memory and a disk of at most ${settings.diskGiB} GiB`,
    )
    return { id: made.machine, name: settings.name }
  }
}

/** The proposal for this computer with what was asked for on the command line. Throws `input.invalid`. */
async function wantedSettings(
  client: Client,
  name: string | undefined,
  options: Options,
): Promise<MachineSettings> {
  const { settings } = await client.call('machines.propose', {})
  const wanted = {
    ...settings,
    ...(name !== undefined && { name }),
    ...(options['cpus'] !== undefined && { cpus: Number(options['cpus']) }),
    ...(options['memory'] !== undefined && { memoryMiB: mibOf(options['memory']) }),
    ...(options['swap'] !== undefined && { swapMiB: mibOf(options['swap']) }),
    ...(options['disk'] !== undefined && { diskGiB: Number(options['disk']) }),
    ...(options['backend'] !== undefined && { backend: options['backend'] }),
    ...sharesOf(options),
  }
  const checked = v.safeParse(machineSettingsSchema, wanted)
  if (checked.success) return checked.output
  const [issue] = checked.issues
  const field = v.getDotPath(issue) ?? ''
  throw new AppError('input.invalid', `${field}: ${issue.message}`, {
    facts: { path: field, problem: issue.message },
  })
}

function sharesOf(options: Options): { shares?: { path: string; isReadOnly: boolean }[] } {
  const paths = options['share']
  if (options['no-share'] === true) return { shares: [] }
  if (!Array.isArray(paths)) return {}
  return {
    shares: (paths as readonly string[]).map((text) => ({
      path: text.replace(/:ro$/, ''),
      isReadOnly: text.endsWith(':ro'),
    })),
  }
}

/** `4096`, `4g`, `512m`: in MiB. What is none of these is no number, and refused as such. */
export function mibOf(text: unknown): number {
  const match = /^(\d+)\s*([mg]?)(?:i?b)?$/i.exec(String(text))
  if (!match) return Number.NaN
  return Number(match[1]) * (match[2]?.toLowerCase() === 'g' ? 1024 : 1)
}
