import type { EngineId, Kind } from '../model'
import { baseName, shortId, shownName } from '../model'
import { quoteShell, runParts } from '../run'
import type { ActionArgs, ActionName } from './actions'

/** What the words of a command are taken from. */
export interface Names {
  /** The name of an object, as a person knows it; `undefined` when nobody knows: the id stands then. */
  readonly nameOf: (kind: Kind, engine: EngineId, id: string) => string | undefined
  /** `unix:///…` for an engine that `docker` alone would not reach; `undefined` for the one it does. */
  readonly hostOf: (engine: EngineId) => string | undefined
  /** The name of a machine; absent where no machines are known. */
  readonly machineOf?: (machine: string) => string | undefined
}

type Words = readonly string[]
type NamedKind = Kind | 'machines'
type Write<N extends ActionName> = (
  args: ActionArgs<N>,
  name: (kind: NamedKind, id: string) => string,
) => Words

const pairsOf = (flag: string, record: Readonly<Record<string, string>>): string[] =>
  Object.entries(record).flatMap(([key, value]) => [flag, `${key}=${value}`])
const time = (timeoutS: number | undefined): string[] =>
  timeoutS === undefined ? [] : ['-t', String(timeoutS)]
const on = (flag: string, isOn: boolean): string[] => (isOn ? [flag] : [])
const given = (flag: string, value: string): string[] => (value ? [flag, value] : [])

const labels = (record: Readonly<Record<string, string>>): string[] =>
  Object.entries(record).flatMap(([key, value]) => ['--label', value === '' ? key : `${key}=${value}`])
const several = (verb: Words, ids: readonly string[], name: (id: string) => string): Words =>
  ids.length === 0 ? [] : [...verb, ...ids.map(name)]

type InPlace = Pick<ActionArgs<'files.makeFolder'>, 'root' | 'path'>
type NameOf = Parameters<Write<'files.makeFolder'>>[1]
/** Docker has no command for a path with bytes that are no text: the name as it is shown is the nearest. */
const worded = shownName

/** Docker itself changes no files: what does it inside. Of a volume there is no such word. */
const inside = ({ root }: InPlace, name: NameOf, words: Words): Words =>
  root.kind === 'container' ? ['exec', name('containers', root.id), ...words] : []
const copiedIn = ({ root, path }: InPlace, name: NameOf, from: string): Words =>
  root.kind === 'container' ? ['cp', worded(from), `${name('containers', root.id)}:${worded(path)}`] : []

const stopVerbs = { suspend: ['suspend'], shutdown: ['stop'], kill: ['stop', '--kill'] } as const

/** The words after `docker`, of machines after `slipway`; none where there is no such command. An action without a line does not compile. */
const words: { readonly [N in ActionName]: Write<N> } = {
  'containers.start': (a, name) => ['start', name('containers', a.id)],
  'containers.stop': (a, name) => ['stop', ...time(a.timeoutS), name('containers', a.id)],
  'containers.restart': (a, name) => ['restart', ...time(a.timeoutS), name('containers', a.id)],
  'containers.pause': (a, name) => ['pause', name('containers', a.id)],
  'containers.resume': (a, name) => ['unpause', name('containers', a.id)],
  'containers.kill': (a, name) => [
    'kill',
    ...(a.signal === 'SIGKILL' ? [] : ['-s', a.signal]),
    name('containers', a.id),
  ],
  'containers.rename': (a, name) => ['rename', name('containers', a.id), a.name],
  'containers.remove': (a, name) => [
    'rm',
    ...on('-f', a.force),
    ...on('-v', a.volumes),
    name('containers', a.id),
  ],
  'containers.prune': (a, name) => several(['rm'], a.ids, (id) => name('containers', id)),
  'containers.run': ({ spec, start }) =>
    start ? ['run', ...runParts(spec).flat()] : ['create', ...runParts({ ...spec, detach: false }).flat()],
  'files.makeFolder': (a, name) => inside(a, name, ['mkdir', worded(a.path)]),
  'files.rename': (a, name) => inside(a, name, ['mv', '-T', worded(a.path), worded(a.to)]),
  'files.remove': (a, name) => inside(a, name, ['rm', '-r', worded(a.path)]),
  'files.chmod': (a, name) => inside(a, name, ['chmod', a.mode.toString(8).padStart(4, '0'), worded(a.path)]),
  'files.write': (a, name) => copiedIn(a, name, baseName(a.path)),
  'files.upload': (a, name) => copiedIn(a, name, a.name),
  'images.pull': (a) => ['pull', ...given('--platform', a.platform), a.reference],
  'images.tag': (a, name) => ['tag', name('images', a.id), a.reference],
  'images.untag': (a) => ['rmi', '--no-prune', a.reference],
  'images.remove': (a, name) => ['rmi', ...on('-f', a.force), name('images', a.id)],
  'images.prune': (a, name) => several(['rmi'], a.ids, (id) => name('images', id)),
  'images.load': (a) => ['load', '-i', a.path ?? a.name],
  'volumes.create': (a) => [
    ...['volume', 'create'],
    ...(a.driver === 'local' ? [] : ['-d', a.driver]),
    ...pairsOf('-o', a.options),
    ...labels(a.labels),
    ...(a.name ? [a.name] : []),
  ],
  'volumes.remove': (a) => ['volume', 'rm', ...on('-f', a.force), a.id],
  'volumes.prune': (a) => several(['volume', 'rm'], a.ids, (id) => id),
  'networks.create': (a) => [
    ...['network', 'create'],
    ...(a.driver === 'bridge' ? [] : ['-d', a.driver]),
    ...on('--internal', a.internal),
    ...on('--attachable', a.attachable),
    ...on('--ipv6', a.ipv6),
    ...a.subnets.flatMap((s) => [
      ...given('--subnet', s.subnet),
      ...given('--gateway', s.gateway),
      ...given('--ip-range', s.ipRange),
    ]),
    ...pairsOf('-o', a.options),
    ...labels(a.labels),
    a.name,
  ],
  'networks.remove': (a, name) => ['network', 'rm', name('networks', a.id)],
  'networks.connect': (a, name) => [
    ...['network', 'connect'],
    ...a.aliases.flatMap((alias) => ['--alias', alias]),
    name('networks', a.id),
    name('containers', a.container),
  ],
  'networks.disconnect': (a, name) => [
    ...['network', 'disconnect'],
    ...on('-f', a.force),
    name('networks', a.id),
    name('containers', a.container),
  ],
  'networks.prune': (a, name) => several(['network', 'rm'], a.ids, (id) => name('networks', id)),
  'engines.add': () => [],
  'engines.remove': () => [],
  'engines.start': () => [],
  'engines.stop': () => [],
  'engines.restart': () => [],
  'machines.create': () => [],
  'machines.start': (a, name) => ['machine', 'start', name('machines', a.machine)],
  'machines.stop': (a, name) => ['machine', ...stopVerbs[a.how], name('machines', a.machine)],
  'machines.restart': (a, name) => ['machine', 'restart', name('machines', a.machine)],
  'machines.edit': () => [],
  'machines.remove': () => [],
  'machines.reset': () => [],
  'machines.clone': () => [],
  'machines.snapshot': () => [],
  'machines.restoreSnapshot': () => [],
  'machines.removeSnapshot': () => [],
  'machines.trim': () => [],
  'machines.setDockerContext': () => [],
  'machines.setDefaultSocket': () => [],
}

/** Every action: what is recorded in the activity feed. */
export const actionNames = Object.keys(words) as readonly ActionName[]

export const isAction = (name: string): name is ActionName => Object.hasOwn(words, name)

/** The equal `docker` or `slipway` command, ready to paste into a POSIX shell. Empty where there is none. */
export function commandFor<N extends ActionName>(name: N, args: ActionArgs<N>, names: Names): string {
  const said = words[name](args, (kind, id) =>
    kind === 'machines'
      ? (names.machineOf?.(id) ?? id)
      : (names.nameOf(kind, engineOf(args), id) ?? shortOf(id)),
  )
  if (said.length === 0) return ''
  if (name.startsWith('machines.')) return ['slipway', ...said].map(quoteShell).join(' ')
  return dockerCommand(said, engineOf(args), names)
}

export function dockerCommand(said: Words, engine: EngineId, names: Names): string {
  const host = names.hostOf(engine)
  return ['docker', ...(host ? ['-H', host] : []), ...said].map(quoteShell).join(' ')
}

const engineOf = (args: object): EngineId => ('engine' in args ? (args.engine as EngineId) : ('' as EngineId))
/** A whole id is no help to a reader, and docker takes twelve digits too. */
export const shortOf = (id: string): string => (/^(sha256:)?[a-f0-9]{64}$/.test(id) ? shortId(id) : id)

const kindOf: Readonly<Record<string, Kind>> = {
  containers: 'containers',
  images: 'images',
  volumes: 'volumes',
  networks: 'networks',
}

/** What an action is about, in the person's words: a name, a reference, or how many. */
export function subjectOf<N extends ActionName>(name: N, args: ActionArgs<N>, names: Names): string {
  const a: Partial<Record<'id' | 'reference' | 'name', string>> & {
    readonly ids?: readonly string[]
    readonly spec?: { readonly name: string; readonly image: string }
    readonly engine?: EngineId
    readonly machine?: string
    readonly settings?: { readonly name?: string | undefined }
    readonly root?: { readonly kind: 'container' | 'volume'; readonly id: string }
    readonly path?: string | undefined
  } = args
  if (name.startsWith('machines.')) return machineSubject(a, names)
  const kind = kindOf[name.split('.')[0] ?? '']
  const known = (id: string): string => (kind && names.nameOf(kind, engineOf(args), id)) ?? shortOf(id)
  if (a.spec) return a.spec.name || a.spec.image
  if (a.root) return filesSubject({ root: a.root, path: a.path }, engineOf(args), names)
  if (a.id !== undefined) return known(a.id)
  if (a.ids) return a.ids.length === 1 ? known(a.ids[0] as string) : String(a.ids.length)
  return a.reference ?? (a.name || a.engine) ?? ''
}

export const filesSubject = (
  { root: { kind, id }, path = '' }: { readonly root: InPlace['root']; readonly path?: string | undefined },
  engine: EngineId,
  names: Names,
): string => {
  const name = kind === 'container' ? (names.nameOf('containers', engine, id) ?? shortOf(id)) : id
  return `${name}:${shownName(path)}`
}

const machineSubject = (
  {
    machine,
    settings,
  }: { readonly machine?: string; readonly settings?: { readonly name?: string | undefined } },
  names: Names,
): string => (machine === undefined ? (settings?.name ?? '') : (names.machineOf?.(machine) ?? machine))
