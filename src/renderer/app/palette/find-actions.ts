import type { Translate } from '../../i18n'
import { en } from '../../i18n/en'
import { leavesOf } from './menu-commands'
import { best, findCommands, scoreOf, wordsOf, type Command, type Scored, type Verb } from './find-commands'

/** Of one verb: with a name typed as well, what is meant is among the first. */
const shownOfVerb = 8
const verbs = Object.keys(en.shell.palette.words) as Verb[]
/** Verbs that a name follows; the others are nouns of the object: its logs. */
const deeds: ReadonlySet<Verb> = new Set<Verb>([
  'start',
  'stop',
  'restart',
  'pause',
  'resume',
  'kill',
  'remove',
  'rename',
  'suspend',
  'shutdown',
])

/**
 * What ends the work of an object. It comes after a name that was typed, or after one more choice: the first line of a
 * bare verb is nobody's in particular.
 */
const ending: ReadonlySet<Verb> = new Set<Verb>(['stop', 'restart', 'pause', 'kill', 'suspend', 'shutdown'])

/** What is found by its own words, and the actions of objects: `stop`, `stop web`, `web stop`. */
export function findAll(t: Translate, all: readonly Command[], query: string): readonly Command[] {
  const words = wordsOf(query)
  const found = findCommands(all, query)
  const actions = verbs.flatMap((verb) => actionsOf(t, { verb, all, words }))
  if (actions.length === 0) return found
  return best([...found.map((command) => ({ command, score: scoreOf(command, words) })), ...actions])
}

interface Asked {
  readonly verb: Verb
  readonly all: readonly Command[]
  readonly words: readonly string[]
}

/** They stand in labels, and mean no verb by themselves. */
const fillers: ReadonlySet<string> = new Set([
  ...'a all at container engine host id in new of on only the this to up with'.split(' '),
  ...'모든 보기 새 이 컨테이너의 호스트에서'.split(' '),
])

/** Their words are those of many other things, too: they count beside a name only. */
const ofNamed: ReadonlySet<Verb> = new Set<Verb>([
  'copyId',
  'copyName',
  'copyRun',
  'copyHost',
  'openPort',
  'terminalDock',
  'untag',
  'only',
])

/** Only what is shown is made: thousands of objects have their actions made when they are opened. */
function actionsOf(t: Translate, { verb, all, words }: Asked): readonly Scored[] {
  const names = wordsOf(`${en.shell.palette.words[verb]} ${t(`shell.palette.words.${verb}`)}`)
  const said = words.filter(
    (word) => names.includes(word) || (word.length > 1 && names.some((name) => name.startsWith(word))),
  )
  if (said.every((word) => fillers.has(word))) return []
  const rest = words.filter((word) => !said.includes(word))
  if (rest.length === 0 && ofNamed.has(verb)) return []
  // A verb that was not typed to its end stands behind names that begin so.
  const isWhole = said.every((word) => names.includes(word))
  const objects: Scored[] = []
  for (const command of all) {
    if (!command.verbs?.includes(verb)) continue
    const score = rest.length === 0 ? 4 : scoreOf(command, rest)
    if (score > 0) objects.push({ command, score })
    if (rest.length === 0 && objects.length === shownOfVerb) break
  }
  objects.sort((a, b) => b.score - a.score)
  return objects.slice(0, shownOfVerb).flatMap(({ command, score }) => {
    const action = actionOf(command, verb)
    if (!action) return []
    const made = named(t, action, command)
    if (made.actions) {
      const inside = { ...made, of: command.label, path: [command.id, action.id] }
      return [{ command: inside, score: isWhole ? score : score / 2 }]
    }
    const isAnybody = rest.length === 0 && (verb === 'kill' || (ending.has(verb) && objects.length > 1))
    const asked = command.actions && {
      ...{ ...made, of: command.label },
      ...{ actions: command.actions, path: [command.id] },
    }
    const shown = isAnybody && asked ? asked : made
    return [{ command: shown, score: isWhole ? score : score / 2 }]
  })
}

/** Its own, or one of its submenus'. */
function actionOf(object: Command, verb: Verb): Command | undefined {
  const actions = object.actions?.() ?? []
  return actions.find((one) => one.verb === verb) ?? leavesOf(actions).find((one) => one.verb === verb)
}

function named(t: Translate, action: Command, object: Command): Command {
  const asks = action.label.endsWith('…') ? '…' : ''
  const verb = asks === '' ? action.label : action.label.slice(0, -1)
  const words = { verb, name: object.label }
  const isDeed = action.verb !== undefined && deeds.has(action.verb)
  const label = (isDeed ? t('shell.palette.verbOf', words) : t('shell.palette.nounOf', words)) + asks
  return {
    ...action,
    id: `do ${action.id}`,
    group: 'actions',
    label,
    ...(object.detail && { detail: object.detail }),
  }
}
