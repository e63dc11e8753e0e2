import * as v from 'valibot'
import { machineSettingsSchema, type MachineProposal } from '../../../../shared/model'
import type { TextKey, TextValues } from '../../../i18n'
import { linesOf, type Draft } from './draft'
import { nameProblem } from './machine-name'

export interface Problem {
  readonly key: TextKey
  readonly values?: TextValues
}
/** By field; of the lists also by line: `shares.0`. */
export type Problems = Readonly<Record<string, Problem>>

export interface FormFacts {
  /** Names of the other machines. */
  readonly taken: readonly string[]
  /** What this computer has; absent while that is not known. */
  readonly host?: MachineProposal['host'] | undefined
  /** Of a machine that has a disk already. */
  readonly leastDiskGiB?: number | undefined
}

/** What is wrong with each field; empty when core may be asked. */
export function problemsOf(draft: Draft, facts: FormFacts): Problems {
  const found: Record<string, Problem | undefined> = {
    ...nameProblems(draft, facts),
    ...numberProblems(draft, facts),
    ...pathProblems(draft, facts),
    dns: dnsProblem(draft.dns),
    httpProxy: proxyProblem(draft.httpProxy),
    httpsProxy: proxyProblem(draft.httpsProxy),
    daemonJson: jsonProblem(draft.daemonJson),
  }
  const wrong = Object.entries(found).filter((entry): entry is [string, Problem] => entry[1] !== undefined)
  return Object.fromEntries(wrong)
}

function nameProblems({ name }: Draft, { taken }: FormFacts): Record<string, Problem | undefined> {
  const key = nameProblem(name, taken)
  return { name: key && { key } }
}

function numberProblems(draft: Draft, facts: FormFacts): Record<string, Problem | undefined> {
  const { host } = facts
  return {
    cpus: whole(draft.cpus, 1, 256) ?? atMost(draft.cpus, host?.cpus),
    memoryMiB:
      whole(draft.memoryMiB, 512, 1_048_576) ?? atMost(draft.memoryMiB, host && host.memoryBytes / 1024 ** 2),
    swapMiB: whole(draft.swapMiB, 0, 262_144),
    diskGiB: whole(draft.diskGiB, 2, 65_536) ?? shrinks(draft, facts),
    idleMinutes: whole(draft.idleMinutes, 0, 1440),
  }
}

const atMost = (value: number | undefined, most: number | undefined): Problem | undefined =>
  value !== undefined && most !== undefined && value > most
    ? { key: 'machines.settings.aboveHost' }
    : undefined

const shrinks = ({ diskGiB = 0 }: Draft, { leastDiskGiB }: FormFacts): Problem | undefined =>
  leastDiskGiB !== undefined && diskGiB < leastDiskGiB
    ? { key: 'machines.settings.diskGrowOnly', values: { size: `${leastDiskGiB} GiB` } }
    : undefined

function whole(value: number | undefined, min: number, max: number): Problem | undefined {
  const isGood = value !== undefined && Number.isInteger(value) && value >= min && value <= max
  return isGood ? undefined : { key: 'machines.settings.numberBad', values: { min, max } }
}

function pathProblems(draft: Draft, { host }: FormFacts): Record<string, Problem | undefined> {
  const isWindows = host !== undefined && /^[A-Za-z]:\\/.test(host.home)
  const bad: Problem = {
    key: 'machines.settings.pathBad',
    values: { example: isWindows ? 'C:\\Users' : '/srv/projects' },
  }
  const isWhole = (path: string): boolean => isWholePath(path, isWindows)
  // What was typed comes last: the home folder's switch has no place to tell a problem.
  const places = [...draft.shares.keys()].sort((a, b) => rankOf(draft, a) - rankOf(draft, b))
  const shares = draft.shares.map(({ path }, index): [string, Problem | undefined] => {
    const isTwice = places.find((at) => draft.shares[at]?.path.trim() === path.trim()) !== index
    return [
      `shares.${index}`,
      isWhole(path) ? (isTwice ? { key: 'machines.settings.pathTwice' } : undefined) : bad,
    ]
  })
  const badFile = draft.caFiles.split('\n').some((line) => line.trim() !== '' && !isWhole(line))
  return {
    ...Object.fromEntries(shares),
    diskDir: draft.diskDir.trim() === '' || isWhole(draft.diskDir) ? undefined : bad,
    caFiles: badFile ? bad : undefined,
  }
}

const rankOf = ({ shares }: Draft, index: number): number => (shares[index]?.isTyped ? 1 : 0)

const isWholePath = (path: string, isWindows: boolean): boolean =>
  isWindows ? /^[A-Za-z]:[\\/]/.test(path.trim()) : path.trim().startsWith('/')

function dnsProblem(text: string): Problem | undefined {
  const servers = linesOf(text)
  const [first] = machineSettingsSchema.entries.dns.wrapped.pipe
  const bad = servers.find((server) => !v.is(first.item, server))
  if (bad !== undefined) return { key: 'machines.settings.dnsBad', values: { text: bad } }
  return servers.length > 3 ? { key: 'machines.settings.dnsMany' } : undefined
}

const proxyProblem = (text: string): Problem | undefined =>
  text.trim() === '' || /^https?:\/\/[^\s/]+/.test(text.trim())
    ? undefined
    : { key: 'machines.settings.proxyBad' }

/** The form of it only: what the engine makes of it, the engine says. */
export function jsonProblem(text: string): Problem | undefined {
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? undefined : { key: 'machines.settings.daemonNoObject' }
  } catch (error) {
    return { key: 'machines.settings.daemonNoJson', values: { problem: (error as Error).message } }
  }
}
