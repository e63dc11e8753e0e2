import type { MenuItem } from '../../ui'
import { en } from '../../i18n/en'
import type { Command, CommandGroup, Verb } from './find-commands'
import { iconOf } from './verb-icons'

const isVerb = (word: string | undefined): word is Verb =>
  word !== undefined && word in en.shell.palette.words

/** What of a menu can be chosen now, in its order: what its owner can do, the palette can do. */
export function commandsOf(group: CommandGroup, key: string, items: readonly MenuItem[]): readonly Command[] {
  return items.flatMap((item): readonly Command[] => {
    if (item === 'separator') return []
    const { label, verb } = item
    // Not by its place: the line that was chosen stays the same while others come and go.
    const id = `${group} ${key} ${verb ?? ''} ${label}`
    const command: Command = {
      ...{ id, group, label },
      ...(isVerb(verb) && { verb, keywords: en.shell.palette.words[verb] }),
      ...iconOf(verb),
    }
    if ('items' in item) return [{ ...command, actions: () => commandsOf(group, id, item.items) }]
    if (item.disabled === true) return []
    return [{ ...command, ...(item.danger === true && { danger: true }), run: item.onSelect }]
  })
}

/** What a path of ids leads to now; nothing once it has gone. */
export const commandAt = (all: readonly Command[], path: readonly string[]): Command | undefined =>
  path.reduce<Command | undefined>(
    (found, id, depth) => (depth === 0 ? all : found?.actions?.())?.find((one) => one.id === id),
    undefined,
  )

/** With what stands in submenus, named by both lines that lead to it. */
export const leavesOf = (commands: readonly Command[]): readonly Command[] =>
  commands.flatMap((command) =>
    command.actions
      ? leavesOf(command.actions()).map((leaf) => ({ ...leaf, label: `${command.label}: ${leaf.label}` }))
      : [command],
  )
