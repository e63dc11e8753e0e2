import type { LucideIcon } from 'lucide-react'
import type { en } from '../../i18n/en'
import type { Tone } from '../../ui'

export type CommandGroup =
  | 'pages'
  | 'actions'
  | 'containers'
  | 'projects'
  | 'images'
  | 'volumes'
  | 'networks'
  | 'machines'
  | 'engines'
  | 'settings'
  | 'pull'

/** What is done to one object. */
export type Verb = keyof typeof en.shell.palette.words

export interface Command {
  readonly id: string
  readonly group: CommandGroup
  readonly label: string
  /** Smaller, behind the label: the engine, the image. */
  readonly detail?: string
  /** Also found by these. */
  readonly keywords?: string
  readonly icon?: LucideIcon
  readonly status?: { readonly tone: Tone; readonly label: string }
  readonly danger?: boolean
  /** Absent where choosing it first offers `actions`. */
  readonly run?: () => void
  /** Of an object's action: which one. */
  readonly verb?: Verb
  /** Of an object: which of its actions are offered, told without making them. */
  readonly verbs?: readonly Verb[]
  /** Of an action whose choice first offers all of its object's: the object. */
  readonly of?: string
  /** The ids that lead to what `actions` are of, where it stands elsewhere than under its own. */
  readonly path?: readonly string[]
  /** Given: choosing it first offers these. */
  readonly actions?: () => readonly Command[]
}

/** More lines than this nobody reads; typing brings the others. */
const shownAtMost = 60

/**
 * The commands that hold every word of the query, best first: a label that is or begins with the query,
 * then one with a word that begins so, then the rest; equal ones stay in their order. Without a query
 * all commands but the many objects.
 */
export function findCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = wordsOf(query)
  if (words.length === 0) return firstOfEach(commands)
  return best(commands.map((command) => ({ command, score: scoreOf(command, words) })))
}

export const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean)

export interface Scored {
  readonly command: Command
  /** 0 is not found. */
  readonly score: number
}

export const best = (scored: readonly Scored[], most = shownAtMost): readonly Command[] =>
  scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ command }) => command)

/** A few of each group, so that an empty query shows what there is. */
const shownOfGroup = 8

function firstOfEach(commands: readonly Command[]): readonly Command[] {
  const counts = new Map<CommandGroup, number>()
  return commands.filter(({ group }) => {
    const count = (counts.get(group) ?? 0) + 1
    counts.set(group, count)
    return count <= shownOfGroup
  })
}

export function scoreOf(command: Command, words: readonly string[]): number {
  const label = command.label.toLowerCase()
  const all = `${label} ${command.detail ?? ''} ${command.keywords ?? ''}`.toLowerCase()
  if (!words.every((word) => all.includes(word))) return 0
  const query = words.join(' ')
  if (label === query) return 5
  if (label.startsWith(query)) return 4
  if (words.every((word) => beginsAWord(label, word))) return 3
  const whole = wordsOf(command.keywords ?? '')
  return words.every((word) => label.includes(word) || whole.includes(word)) ? 2 : 1
}

const beginsAWord = (text: string, word: string): boolean =>
  text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))
