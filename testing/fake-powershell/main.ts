/**
 * A `powershell.exe` with a Hyper-V module: it takes the arguments of Windows PowerShell 5.1, runs the part of
 * its language that Slipway uses, and knows the documented parameters of each cmdlet. `FAKE_HYPERV_DIR` holds
 * its VMs; `FAKE_HYPERV` (words): `absent`, `forbidden`, `no-switch`, `no-services`, `no-room`, `hangs`, `dies`,
 * `slow` (to start and to save a VM takes a second), `stuck:CMDLET` (it does its work and never comes back).
 */
import { createInterface } from 'node:readline'
import { checkArguments } from './arguments'
import { CmdletError, Evaluator, type Value } from './evaluate'
import { parse } from './parse'
import { cmdletsOf } from './run-cmdlet'
import { ParseError } from './tokens'
import { World } from './world'

const mood = (process.env['FAKE_HYPERV'] ?? '').split(' ')
const moodOfAll = ['absent', 'forbidden'].find((word) => mood.includes(word)) ?? ''

interface Request {
  readonly id: number
  readonly script: string
  readonly data: Value
}

async function answer({ id, script, data }: Request): Promise<Record<string, Value>> {
  try {
    const world = new World(process.env['FAKE_HYPERV_DIR'] as string)
    const out = await new Evaluator(data, cmdletsOf(world, moodOfAll)).run(parse(script))
    return { id, value: out.length < 2 ? (out[0] ?? null) : out }
  } catch (error) {
    if (error instanceof ParseError)
      return { id, error: { message: error.message, category: 'ParserError', id: 'UnexpectedToken' } }
    if (!(error instanceof CmdletError)) throw error
    return { id, error: { message: error.message, category: error.category, id: error.id } }
  }
}

const refusal = checkArguments(process.argv.slice(2))
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`)
  process.exit(1)
}
// PowerShell is asked one thing after another, whatever comes meanwhile.
let before: Promise<void> = Promise.resolve()
createInterface({ input: process.stdin }).on('line', (line) => {
  if (mood.includes('hangs')) return
  if (mood.includes('dies')) process.exit(3)
  if (/[^ -~]/.test(line)) throw new Error('the console of another country reads this wrongly')
  before = before.then(async () => {
    const json = JSON.stringify(await answer(JSON.parse(line) as Request))
    const ascii = json.replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    process.stdout.write(`${ascii}\r\n`)
  })
})
