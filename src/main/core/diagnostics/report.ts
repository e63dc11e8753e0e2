import { open } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import type { Diagnosis, Machine, Settings } from '../../../shared/model'
import { toPlain } from '../platform/log-text'
import type { DiagnosisDeps } from './diagnosis'
import { gigabytes } from './words'

/** The end of each log: what led to a fault stands there. */
const logBytes = 64 * 1024

export interface ReportDeps extends DiagnosisDeps {
  readonly version: string
  readonly host: 'desktop' | 'serve'
  readonly settings: () => Settings
  /** By the name under which each stands in the report. */
  readonly logs: () => Readonly<Record<string, string>>
}

/**
 * A diagnosis as a text, with the facts and the ends of the logs: to read first, then to give away. Every line goes
 * through the log's own rules, which mask what looks like a secret; environments of containers are in none of it.
 */
export async function reportText(deps: ReportDeps, { atMs, checks }: Diagnosis): Promise<string> {
  const logs = await Promise.all(
    Object.entries(deps.logs()).map(async ([name, path]) => section(name, await lastLines(path))),
  )
  return [
    `Slipway diagnostics of ${new Date(atMs).toISOString()}`,
    'Read it before you give it away: it names folders, engines and hosts. What looks like a secret is masked.',
    section('Slipway', [
      `version ${deps.version}, ${deps.host}, node ${process.versions.node}`,
      `${process.platform} ${process.arch} ${release()}, ${cpus().length} CPUs, ${gigabytes(totalmem())}`,
      toPlain('data folder', { path: deps.dataDir }),
    ]),
    section(
      'Checks',
      checks.map(({ state, name, message, mend }) =>
        toPlain(`${state.padEnd(8)}${name}: ${message}`, mend === undefined ? undefined : { mend }),
      ),
    ),
    section('Roads to a local engine', deps.roads().map(factsLine)),
    section('Engines', deps.engines().map(factsLine)),
    section('Machines', deps.machines().flatMap(machineLines)),
    section(
      'Settings',
      Object.entries(deps.settings()).map(([key, value]) => toPlain(key, { value })),
    ),
    ...logs,
  ].join('\n\n')
}

const section = (title: string, lines: readonly string[]): string =>
  [`== ${title}`, ...(lines.length > 0 ? lines : ['(nothing)'])].join('\n')

/** Objects are told whole, name by name: a name that sounds like a secret hides its value. */
const factsLine = (object: object): string => toPlain('-', { ...object })

/** A line for each of its facts, as there are many: what it is at first, then what was wanted of it. */
function machineLines({ settings, state, ports, shares, boots, ...rest }: Machine): string[] {
  const { name, daemonJson, ...wanted } = settings
  const facts = {
    state,
    ports,
    shares,
    lastBoot: boots[0],
    ...rest,
    settings: wanted,
    daemonJson: parsed(daemonJson),
  }
  return Object.entries(facts).map(([fact, value]) => toPlain(`${name} ${fact}`, { value }))
}

/** Names inside of it can be looked at only so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function lastLines(path: string): Promise<string[]> {
  let file
  try {
    file = await open(path)
    const { size } = await file.stat()
    const from = Math.max(0, size - logBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    return lines
      .slice(from > 0 ? 1 : 0)
      .filter((line) => line !== '')
      .map((line) => toPlain(line))
  } catch (cause) {
    return [`(not read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`]
  } finally {
    await file?.close()
  }
}
