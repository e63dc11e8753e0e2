import { accepted, cmdlets, isParameter, missingOf, takesValue } from './cmdlet-table'
import { effects } from './effects'
import { CmdletError, textOf, type RunCmdlet, type Value } from './evaluate'
import type { Expression } from './parse'
import type { World } from './world'

/** Cmdlets that do their work and never come back: what Windows goes on with when its PowerShell is ended. */
const stuck = (process.env['FAKE_HYPERV'] ?? '')
  .split(' ')
  .filter((word) => word.startsWith('stuck:'))
  .map((word) => word.slice('stuck:'.length))

type Given = Parameters<RunCmdlet>[1]

/** Runs cmdlets against a world, with PowerShell's own refusals. `mood` makes all of them fail. */
export function cmdletsOf(world: World, mood: string): RunCmdlet {
  return async (name, given, valueOf) => {
    if (cmdlets[name] === undefined || mood === 'absent') throw unknownCommand(name)
    const values = bind(name, given, valueOf)
    world.record(name, values)
    const isHyperV = name.includes('VM') || name.includes('VHD')
    const effect = effects[name]
    if (!effect) throw new Error(`the fake does nothing for ${name}`)
    try {
      if (mood === 'forbidden' && isHyperV) throw forbidden(name)
      const out = world.exclusively(() => effect(world, values))
      if (stuck.includes(name)) await new Promise(() => undefined)
      return out
    } catch (error) {
      // What a cmdlet fails with is silenced where the script asks for it.
      if (error instanceof CmdletError && values.get('erroraction') === 'SilentlyContinue') return []
      throw error
    }
  }
}

function bind(name: string, given: Given, valueOf: (of: Expression) => Value): Map<string, Value> {
  const values = new Map<string, Value>()
  for (const { name: parameter, value } of given) {
    if (parameter === undefined) throw positional(name)
    const key = parameter.toLowerCase()
    if (!isParameter(name, key))
      throw bindError(name, `A parameter cannot be found that matches parameter name '${parameter}'.`)
    if (values.has(key)) throw bindError(name, `parameter '${parameter}' is specified more than once`)
    if (takesValue(name, key) === (value === true))
      throw bindError(
        name,
        value === true ? `Missing an argument for parameter '${parameter}'.` : `'${parameter}' is a switch`,
      )
    values.set(key, value === true ? true : checked(name, parameter, valueOf(value)))
  }
  checkSets(name, new Set(values.keys()))
  return values
}

function checked(name: string, parameter: string, value: Value): Value {
  const choices = accepted[parameter]
  if (choices && !choices.some((one) => one.toLowerCase() === textOf(value).toLowerCase()))
    throw bindError(
      name,
      `Cannot bind parameter '${parameter}': '${textOf(value)}' is none of ${choices.join(', ')}`,
    )
  if (value === null)
    throw bindError(name, `Cannot bind argument to parameter '${parameter}' because it is null.`)
  if (/Bytes$|^Count$|^Number$|Location$/.test(parameter) && !Number.isInteger(value))
    throw bindError(name, `Cannot convert '${textOf(value)}' of parameter '${parameter}' to a number`)
  return value
}

function checkSets(name: string, given: ReadonlySet<string>): void {
  const answers = (cmdlets[name] ?? []).map((set) => missingOf(set, given))
  if (answers.some((missing) => missing?.length === 0)) return
  const missing = answers.find((one) => one !== null)
  throw missing
    ? bindError(name, `Cannot process command because of missing mandatory parameters: ${missing.join(' ')}`)
    : bindError(name, 'Parameter set cannot be resolved using the specified named parameters.')
}

const bindError = (name: string, message: string): CmdletError =>
  new CmdletError(`${name} : ${message}`, 'InvalidArgument', `ParameterBindingFailed,${name}`)
const positional = (name: string): CmdletError =>
  bindError(name, 'name each parameter: places change with versions')

const unknownCommand = (name: string): CmdletError =>
  new CmdletError(
    `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
    'ObjectNotFound',
    'CommandNotFoundException',
  )

const forbidden = (name: string): CmdletError =>
  new CmdletError(
    'You do not have the required permission to complete this task. Contact the administrator of the authorization policy for the computer.',
    'PermissionDenied',
    `AccessDenied,Microsoft.HyperV.PowerShell.Commands.${name.replace('-', '')}`,
  )
