import { parseArgs } from 'node:util'
import type { Command, CommandGroup, Options } from './command'

export type Reading =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string }
  | {
      readonly kind: 'run'
      readonly command: Command
      readonly words: readonly string[]
      readonly options: Options
      readonly isJson: boolean
    }

type Root = Readonly<Record<string, Command | CommandGroup>>

const isGroup = (entry: Command | CommandGroup): entry is CommandGroup => 'commands' in entry
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
const asksHelp = (word: string | undefined): boolean =>
  word === undefined || ['--help', '-h', 'help'].includes(word)

/** What a command line means: a command with its words and options, a help text, or what is wrong with it. */
export function readArgs(argv: readonly string[], root: Root, help: string): Reading {
  const [name, ...rest] = argv
  if (name === undefined || asksHelp(name)) return { kind: 'help', text: help }
  const entry = own(root, name)
  if (!entry) return { kind: 'wrong', text: `There is no command ${name}\n\n${help}` }
  if (!isGroup(entry)) return readCommand(`slipway ${name}`, entry, rest)
  const [verb, ...words] = rest
  if (verb === undefined || asksHelp(verb)) return { kind: 'help', text: entry.help }
  const command = own(entry.commands, verb)
  if (!command) return { kind: 'wrong', text: `There is no command slipway ${name} ${verb}\n\n${entry.help}` }
  return readCommand(`slipway ${name} ${verb}`, command, words)
}

function readCommand(called: string, command: Command, args: readonly string[]): Reading {
  const [ours, passedOn] = command.passesOn ? splitOwn(args) : [args, []]
  try {
    const { values, positionals } = parseArgs({
      args: [...ours],
      allowPositionals: true,
      options: {
        ...command.options,
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const { json, help, ...options } = values as Options
    if (help === true) return { kind: 'help', text: command.help }
    const words = [...positionals, ...passedOn]
    const [least, most] = command.words
    if (words.length < least || words.length > most)
      return { kind: 'wrong', text: `${called}: see ${called} --help` }
    return { kind: 'run', command, words, options, isJson: json === true }
  } catch (error) {
    return { kind: 'wrong', text: `${called}: ${(error as Error).message}` }
  }
}

/** Our own options stand before the first word; from there on everything is the other command's. */
function splitOwn(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = args.findIndex((word) => !word.startsWith('-') || word === '--')
  if (at < 0) return [args, []]
  return [args.slice(0, at), args.slice(args[at] === '--' ? at + 1 : at)]
}
