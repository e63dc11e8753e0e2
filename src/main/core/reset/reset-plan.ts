import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ResetItem, ResetMachinePlan, ResetPlan, StayingPath } from '../../../shared/model'
import type { Paths } from '../platform/paths'
import { lookAt, type Looked } from './look'
import {
  engineNames,
  imageNames,
  isHeldLog,
  logNames,
  machineFolders,
  machineNames,
  settingsNames,
  whyStays,
  windowNames,
  type Ours,
} from './ours'
import type { ResetDeps, ResetMachine } from './reset-deps'
import { sizeOf } from './size'

/** The folders of ours beside the machines', with what is ours in them. */
export function ownFolders(paths: Paths): { group: ResetItem['group']; dir: string; ours: Ours }[] {
  const engineRun = dirname(paths.engine.socket)
  return [
    { group: 'engine', dir: paths.engine.dir, ours: engineNames },
    ...(engineRun === paths.engine.dir
      ? []
      : [{ group: 'engine' as const, dir: engineRun, ours: engineNames }]),
    { group: 'images', dir: paths.images, ours: imageNames },
    { group: 'logs', dir: dirname(paths.log), ours: logNames },
  ]
}

/** The names of the data folder itself, which is never taken away. */
export const ownNames = [
  { group: 'settings', isOurs: settingsNames },
  { group: 'window', isOurs: windowNames },
] as const

export async function planReset(deps: ResetDeps): Promise<ResetPlan> {
  const { paths } = deps
  const engine = deps.engineHolds()
  const folders = await Promise.all(
    ownFolders(paths).map(async (each) => ({ ...each, looked: await seenIn(each.dir, each.ours) })),
  )
  const known = deps.machines()
  const left = await seenIn(
    paths.machines,
    machineFolders(paths, (id) => known.some((machine) => machine.id === id)),
  )
  const kept = new Set(known.map(({ id }) => paths.machine(id).dir))
  const links = [...folders.flatMap(({ looked }) => looked.links), ...left.links]
  const foreign = [
    ...folders.flatMap(({ looked }) => looked.foreign),
    ...left.foreign.filter((path) => !kept.has(path)),
    ...(await Promise.all(known.map((machine) => foreignOf(machine, paths)))).flat(),
  ]
  const items = [
    ...folders.flatMap(({ group, looked }) => looked.ours.map((path) => ({ group, path }))),
    ...(await topNames(paths)).flatMap((name) => {
      const group = ownNames.find(({ isOurs }) => isOurs(name))?.group
      return group ? [{ group, path: join(paths.dataDir, name) }] : []
    }),
  ]
  return {
    machines: [
      ...(await Promise.all(known.map((machine) => machinePlan(machine, paths)))),
      ...(await leftMachines(left.ours, paths)),
    ],
    items: await Promise.all(items.map(async (item) => ({ ...item, ...(await sizeOf(item.path)) }))),
    ...(engine && { engine }),
    settings: deps.remembered(),
    stays: [
      ...(await stayingPaths(paths)),
      ...links.map((path) => ({ path, why: 'link' as const })),
      ...foreign.filter((path) => !isHeld(path, paths)).map((path) => ({ path, why: 'foreign' as const })),
    ],
  }
}

async function machinePlan(machine: ResetMachine, paths: Paths): Promise<ResetMachinePlan> {
  const plan = await machine.plan()
  const { dir } = paths.machine(machine.id)
  return { ...plan, ...(await machine.roads()), name: machine.name, folder: dir }
}

/** Folders of machines whose settings nobody could read: they have no name but their id. */
async function leftMachines(files: readonly string[], paths: Paths): Promise<ResetMachinePlan[]> {
  const ids = new Set(files.map((path) => path.slice(paths.machines.length + 1).split(/[\\/]/)[0] ?? ''))
  const plans = [...ids].map(async (id) => {
    const folder = paths.machine(id).dir
    const own = files.filter((path) => path.startsWith(join(folder, '/')))
    const items = await Promise.all(
      own.map(async (path) => ({ what: 'settings' as const, path, bytes: (await sizeOf(path)).bytes })),
    )
    return { name: id, folder, items }
  })
  return Promise.all(plans)
}

const foreignOf = async ({ id }: ResetMachine, paths: Paths): Promise<string[]> => {
  const own = paths.machine(id)
  return (await seenIn(own.dir, machineNames(own))).foreign
}

/** A folder that this user may not read is told as such: a plan must not fail for it. */
const seenIn = (dir: string, ours: Ours): Promise<Looked> =>
  lookAt(dir, ours).catch(() => ({ ours: [dir], foreign: [], links: [], folders: [] }))

/** What of the data folder's own names stays, and the logs that are open. */
export async function stayingPaths(paths: Paths): Promise<StayingPath[]> {
  const told = (await topNames(paths)).flatMap((name): StayingPath[] => {
    const why = whyStays(name)
    return why ? [{ path: join(paths.dataDir, name), why }] : []
  })
  const held = [paths.log, paths.desktopLog]
  if (dirname(paths.coreSocket) !== paths.dataDir) held.push(paths.coreSocket)
  const there = await Promise.all(held.map(async (path) => ((await isThere(path)) ? [path] : [])))
  return [...told, ...there.flat().map((path) => ({ path, why: 'in-use' as const }))]
}

/** The open logs lie among names of ours, and are told once. */
export const isHeld = (path: string, paths: Paths): boolean =>
  dirname(path) === dirname(paths.log) && isHeldLog(path.slice(dirname(path).length + 1))

export const topNames = (paths: Paths): Promise<string[]> =>
  readdir(paths.dataDir).then(
    (names) => names.sort(),
    () => [],
  )

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
