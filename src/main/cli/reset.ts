import { AppError, isCode } from '../../shared/errors'
import { resetWord, type ResetPlan, type StayingPath } from '../../shared/model'
import type { Answer, Command } from './command'
import { sizeText } from './machine/machine-text'
import { printableLines, table } from './table'

/** Ends with 1 when something stayed that should have gone. */
export const reset: Command = {
  words: [0, 0],
  options: { yes: { type: 'boolean' } },
  help: `slipway reset [--yes] [--json]: takes away all that Slipway made for itself, machines and all

It lists what goes and what stays, and asks for the word ${resetWord}. --yes answers that. Other engines, your
own folders and shared ones are not touched.
`,
  run: async ({ client, options, io }) => {
    const plan = await client.call('reset.plan', {})
    if (options['yes'] !== true) {
      io.complain(planText(plan))
      const typed = await io.ask(`Type ${resetWord} to remove all of this for good: `)
      if (typed === undefined) throw new AppError('input.invalid', 'Nobody is here to ask: say --yes')
      if (typed.trim() !== resetWord)
        throw new AppError('input.invalid', 'That is not the word: nothing was removed')
    }
    try {
      const { stays } = await client.call('reset.run', { typedWord: resetWord })
      return { text: `Slipway is as new\n${staysText(stays)}`.trimEnd(), data: { plan, stays } }
    } catch (error) {
      if (!isCode(error, 'reset.incomplete')) throw error
      return incomplete(error)
    }
  },
}

function incomplete({ message, facts }: AppError): Answer {
  const lines = String(facts['detail'] ?? '').split('\n')
  const failed = lines.map((line) => `could not be removed  ${line}`)
  return { text: printableLines([`${message}:`, ...failed].join('\n')), data: { failed: facts }, exitCode: 1 }
}

function planText({ machines, items, engine, settings, stays }: ResetPlan): string {
  const ofMachines = machines.flatMap(({ name, folder, context, link, items: own }) => [
    ...own.map(({ what, path, bytes }) => [`machine ${name}: ${what}`, path, sizeText(bytes)]),
    [`machine ${name}: folder`, folder],
    ...(context === undefined ? [] : [[`machine ${name}: docker context`, context]]),
    ...(link === undefined ? [] : [[`machine ${name}: link`, link]]),
  ])
  const others = items.map(({ group, path, bytes, isAtLeast }) => [
    group,
    path,
    `${isAtLeast ? 'more than ' : ''}${sizeText(bytes)}`,
  ])
  const goes = [...ofMachines, ...others].map(([what = '', path = '', size = '']) => [what, path, size])
  const { engines, agents, remembered } = settings
  return [
    ...(goes.length > 0 ? ['This goes for good:', table(goes)] : ['There is nothing to remove.']),
    `With the settings: engines that were added: ${engines}, agents with a permission: ${agents}, things that the window remembers: ${remembered}`,
    ...(engine
      ? [
          `In the private engine: ${engine.containers} containers, ${engine.images} images, ${engine.volumes} volumes`,
        ]
      : []),
    'Not touched: other engines and all in them, shared folders, docker’s configuration but for our own contexts',
    staysText(stays),
  ]
    .filter(Boolean)
    .join('\n')
}

const why = { 'in-use': 'in use', foreign: 'not ours', link: 'behind a link' } as const

const staysText = (stays: readonly StayingPath[]): string =>
  table(stays.map(({ path, why: reason }) => ['stays', path, why[reason]]))
