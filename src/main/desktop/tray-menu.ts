import type { Container, Engine, Image, Machine, MachineId, ObjectRef } from '../../shared/model'
import type { TrayWords } from './tray-words'

/** What the tray knows: plain data, so that its menu can be tested as data. */
export interface TrayState {
  readonly engines: readonly Engine[]
  readonly containers: readonly Container[]
  readonly images: readonly Image[]
  readonly machines: readonly Machine[]
  readonly isCoreUp: boolean
}

export type TrayAction =
  | { readonly do: 'open'; readonly path: string }
  | {
      readonly do: 'act'
      readonly name: 'containers.start' | 'containers.stop' | 'containers.restart'
      readonly refs: readonly ObjectRef[]
    }
  | { readonly do: 'machine'; readonly verb: MachineVerb; readonly machine: MachineId }
  | { readonly do: 'browse'; readonly url: string }
  | { readonly do: 'quit' | 'quit-now' }

/** What the tray can ask of a machine: nothing that loses data. */
export type MachineVerb = 'start' | 'suspend' | 'shutdown'

export type TrayEntry =
  | { readonly kind: 'item'; readonly label: string; readonly action?: TrayAction }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly TrayEntry[] }
  | { readonly kind: 'separator' }

// A menu longer than a screen cannot be used; the rest is one click away in the window.
const mostContainers = 15
const mostProjects = 10
const mostImages = 8
const mostLetters = 48

const separator: TrayEntry = { kind: 'separator' }
const item = (label: string, action?: TrayAction): TrayEntry => ({
  kind: 'item',
  label,
  ...(action && { action }),
})
const submenu = (label: string, entries: readonly TrayEntry[]): TrayEntry => ({
  kind: 'submenu',
  label,
  entries,
})
const open = (path: string): TrayAction => ({ do: 'open', path })
const refOf = (row: { engine: Container['engine']; id: string }): ObjectRef => ({
  engine: row.engine,
  id: row.id,
})

/** The whole tray menu for a state. */
export function trayMenu(state: TrayState, words: TrayWords): readonly TrayEntry[] {
  const running = state.containers.filter((one) => one.state === 'running').sort(byName)
  const stopped = state.containers
    .filter((one) => one.state === 'exited' || one.state === 'created')
    .sort(newestFirst)
  return [
    item(words.open, open('/containers')),
    separator,
    ...engineEntries(state, words),
    ...machineEntries(state, words),
    separator,
    item(running.length === 0 ? words.noneRunning : words.running(running.length)),
    ...running.slice(0, mostContainers).map((one) => runningEntry(one, words)),
    ...more(running.length - mostContainers, words),
    ...(stopped.length > 0
      ? [submenu(words.startStopped, stopped.slice(0, mostContainers).map(startEntry))]
      : []),
    ...projectEntries(state.containers, words),
    separator,
    ...imageEntries(state.images, words),
    item(words.pull, open('/images?pull=')),
    separator,
    item(words.settings, open('/settings')),
    item(words.quit, { do: 'quit' }),
  ]
}

/** What is left of it while core ends. */
export const endingMenu = ({ ending }: TrayWords): readonly TrayEntry[] => [
  item(ending.saving),
  item(ending.now, { do: 'quit-now' }),
]

/**
 * A name as a menu can show it: one line, no control or direction characters (they could reorder the
 * whole label), cut, and with `&` doubled because a menu reads it as the mark of a shortcut.
 */
export function label(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').trim()
  const letters = [...plain]
  const short = letters.length > mostLetters ? `${letters.slice(0, mostLetters - 1).join('')}…` : plain
  return short.replaceAll('&', '&&')
}

function engineEntries(state: TrayState, words: TrayWords): TrayEntry[] {
  if (!state.isCoreUp) return [item(words.coreStarting)]
  // An engine in a machine is told by its machine.
  const own = state.engines.filter(({ id }) => !state.machines.some(({ engine }) => engine === id))
  if (own.length + state.machines.length === 0) return [item(words.noEngine, open('/engine'))]
  return own.map((engine) =>
    item(`${label(engine.name)} — ${words.engine[engine.state.kind]}`, open('/engine')),
  )
}

/** Each machine with its state, and what can be asked of it now. */
function machineEntries({ machines, isCoreUp }: TrayState, words: TrayWords): TrayEntry[] {
  return isCoreUp ? machines.map((one) => machineEntry(one, words)) : []
}

function machineEntry(one: Machine, words: TrayWords): TrayEntry {
  const page = `/machines/${encodeURIComponent(one.id)}`
  const ask = (verb: MachineVerb): TrayEntry =>
    item(words.machineVerb[verb], { do: 'machine', verb, machine: one.id })
  return submenu(`${label(one.settings.name)} — ${words.machine[stateOf(one)]}`, [
    ...verbsOf(one).map(ask),
    item(words.showMachine, open(page)),
  ])
}

/** The state as the tray words it: suspended and shut down are two things to a person. */
export function stateOf({ state }: Machine): keyof TrayWords['machine'] {
  return state.kind === 'stopped' && state.isSuspended ? 'suspended' : state.kind
}

function verbsOf({ state, settings }: Machine): readonly MachineVerb[] {
  switch (state.kind) {
    case 'absent':
    case 'stopped':
    case 'failed':
      return ['start']
    case 'running':
    case 'degraded':
      // HyperKit saves no state.
      return settings.backend === 'hyperkit' ? ['shutdown'] : ['suspend', 'shutdown']
    case 'starting':
    case 'stopping':
      return []
  }
}

function runningEntry(one: Container, words: TrayWords): TrayEntry {
  const refs = [refOf(one)]
  const page = `/containers/${encodeURIComponent(one.engine)}/${encodeURIComponent(one.id)}`
  const ports = one.ports.filter((port) => port.hostPort !== undefined && port.protocol === 'tcp')
  const numbers = [...new Set(ports.map((port) => port.hostPort))]
  return submenu(label(one.name), [
    item(words.stop, { do: 'act', name: 'containers.stop', refs }),
    item(words.restart, { do: 'act', name: 'containers.restart', refs }),
    separator,
    item(words.logs, open(`${page}/logs`)),
    item(words.terminal, open(`${page}/terminal`)),
    ...(numbers.length > 0 ? [separator] : []),
    ...numbers.map((port) =>
      item(words.openPort(port ?? 0), { do: 'browse', url: `http://localhost:${port}` }),
    ),
  ])
}

const startEntry = (one: Container): TrayEntry =>
  item(label(one.name), { do: 'act', name: 'containers.start', refs: [refOf(one)] })

function more(count: number, words: TrayWords): TrayEntry[] {
  return count > 0 ? [item(words.more(count), open('/containers'))] : []
}

function projectEntries(containers: readonly Container[], words: TrayWords): TrayEntry[] {
  const projects = new Map<string, Container[]>()
  for (const one of containers) {
    if (one.project === undefined) continue
    const key = `${one.engine}/${one.project}`
    projects.set(key, [...(projects.get(key) ?? []), one])
  }
  if (projects.size === 0) return []
  const entries = [...projects.values()]
    .sort((a, b) => compare(a[0]?.project, b[0]?.project))
    .slice(0, mostProjects)
  return [
    submenu(
      words.projects,
      entries.map((rows) => projectEntry(rows, words)),
    ),
  ]
}

function projectEntry(rows: readonly Container[], words: TrayWords): TrayEntry {
  const up = rows.filter((one) => one.state === 'running')
  const down = rows.filter((one) => one.state !== 'running')
  return submenu(`${label(rows[0]?.project ?? '')} (${up.length}/${rows.length})`, [
    item(
      words.up,
      down.length > 0 ? { do: 'act', name: 'containers.start', refs: down.map(refOf) } : undefined,
    ),
    item(words.down, up.length > 0 ? { do: 'act', name: 'containers.stop', refs: up.map(refOf) } : undefined),
  ])
}

function imageEntries(images: readonly Image[], words: TrayWords): TrayEntry[] {
  const tagged = images.filter((one) => one.tags.length > 0).sort(newestFirst)
  if (tagged.length === 0) return []
  return [
    submenu(
      words.runImage,
      tagged.slice(0, mostImages).map((one) => {
        const tag = one.tags[0] ?? ''
        return item(
          label(tag),
          open(`/run?engine=${encodeURIComponent(one.engine)}&image=${encodeURIComponent(tag)}`),
        )
      }),
    ),
  ]
}

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)
const byName = (a: Container, b: Container): number => compare(a.name, b.name)
const newestFirst = (a: { createdAtMs: number }, b: { createdAtMs: number }): number =>
  b.createdAtMs - a.createdAtMs
