import { lstat, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { ResetResult } from '../../../shared/model'
import { log } from '../platform/log'
import { lookAt } from './look'
import { isMachineFolder, machineFolders, machineNames } from './ours'
import { keepingForeign, mustNotBeMounted, removeOurs, removeWhole, Told } from './remove'
import type { ResetDeps, ResetMachine, ResetWork } from './reset-deps'
import { isHeld, ownFolders, ownNames, stayingPaths, topNames } from './reset-plan'

interface Step {
  /** As it stands in the task. */
  readonly name: string
  /** What is told when it fails as a whole. */
  readonly path: string
  readonly work: (told: Told) => Promise<void>
}

const groups = ['engine', 'images', 'logs'] as const

/** More paths than this are no help to a reader; the log has them all. */
const namedAtMost = 50

/**
 * Takes everything away, step by step; one that fails keeps nobody from the next. The settings go last: until then
 * they say where everything is. Throws `reset.incomplete` when something stayed that should have gone.
 */
export async function runReset(
  deps: ResetDeps,
  { signal, progress }: Parameters<ResetWork>[0],
): Promise<ResetResult> {
  const told = new Told()
  const steps = stepsOf(deps)
  progress({ parts: steps.map(({ name }) => ({ id: name, status: 'waiting' })) })
  try {
    for (const { name, path, work } of steps) {
      signal.throwIfAborted()
      progress({ parts: [{ id: name, status: 'removing' }] })
      const before = told.failed.length
      await told.attempt(path, () => work(told))
      const status = told.failed.length > before ? 'failed' : 'done'
      progress({ parts: [{ id: name, status }] })
      log.info('reset', 'step', { name, status })
    }
  } finally {
    deps.beginAgain()
  }
  return resultOf(told, deps)
}

async function resultOf(told: Told, { paths }: ResetDeps): Promise<ResetResult> {
  const failed = [...new Map(told.failed.map((each) => [each.path, each])).values()]
  const [first] = failed
  if (!first) {
    const foreign = told.stays.filter(({ path }) => !isHeld(path, paths))
    return { stays: [...(await stayingPaths(paths)), ...foreign] }
  }
  const lines = failed.map(({ path, reason }) => `${path}: ${reason}`)
  for (const line of lines) log.warn('reset', 'could not be removed', { line })
  const detail = lines.slice(0, namedAtMost).join('\n')
  const facts = { count: failed.length, ...first, detail }
  throw new AppError('reset.incomplete', 'Not everything could be removed', { facts })
}

function stepsOf(deps: ResetDeps): Step[] {
  const { paths } = deps
  const folders = ownFolders(paths)
  const clear = async (group: (typeof groups)[number], told: Told): Promise<void> => {
    for (const each of folders) if (each.group === group) await removeOurs(each.dir, each.ours, told)
  }
  return [
    ...deps.machines().map((machine): Step => ({
      name: `machine ${machine.name}`,
      path: paths.machine(machine.id).dir,
      work: (told) => removeMachine(machine, deps, told),
    })),
    { name: 'machines', path: paths.machines, work: (told) => removeLeftMachines(deps, told) },
    {
      name: 'engine',
      path: paths.engine.dir,
      work: (told) => deps.withoutEngine(() => clear('engine', told)),
    },
    { name: 'images', path: paths.images, work: (told) => clear('images', told) },
    { name: 'logs', path: dirname(paths.log), work: (told) => clear('logs', told) },
    { name: 'settings', path: paths.settings, work: (told) => removeSettings(deps, told) },
  ]
}

async function removeMachine(machine: ResetMachine, { paths }: ResetDeps, told: Told): Promise<void> {
  const own = paths.machine(machine.id)
  const isGone = await told.attempt(own.dir, async () => {
    // What is behind a link is not in our folders, whatever its names are.
    for (const folder of [paths.machines, own.dir]) await mustBeFolder(folder)
    await machine.kill()
    await mustNotBeMounted(own.dir)
    await keepingForeign({ ...own, ours: machineNames(own), told }, machine.remove)
  })
  // A machine that is still there keeps the roads that lead to it.
  if (isGone) await told.attempt(machine.name, machine.removeRoads)
}

async function mustBeFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined)
  if (!found?.isSymbolicLink()) return
  throw new AppError('file.failed', `${folder} is a link`, { facts: { path: folder, reason: 'link' } })
}

/** What is left of machines whose settings nobody could read, and the folder of them all. */
async function removeLeftMachines(deps: ResetDeps, told: Told): Promise<void> {
  const { paths } = deps
  const stays = new Set(deps.machines().map(({ id }) => id))
  const { folders } = await lookAt(
    paths.machines,
    machineFolders(paths, () => false),
  )
  for (const id of folders.map((folder) => folder.slice(paths.machines.length + 1)).filter(isMachineFolder)) {
    if (stays.has(id) || !(await isRunning(paths.machine(id).pid))) continue
    stays.add(id)
    told.fail(paths.machine(id).dir, 'EBUSY')
  }
  const kept = new Set([...stays].map((id) => paths.machine(id).dir))
  const ours = machineFolders(paths, (id) => stays.has(id))
  const leftTold = new Told()
  await removeOurs(paths.machines, ours, leftTold)
  const run = dirname(paths.machine('m').run)
  if (run !== paths.machines) await removeOurs(run, ours, new Told())
  told.failed.push(...leftTold.failed)
  const known = new Set(told.stays.map(({ path }) => path))
  told.stays.push(...leftTold.stays.filter(({ path }) => !kept.has(path) && !known.has(path)))
}

/** Nobody knows such a machine any more, so nobody could end it. */
async function isRunning(pidFile: string): Promise<boolean> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function removeSettings({ paths, forgetSettings }: ResetDeps, told: Told): Promise<void> {
  await told.attempt(paths.settings, forgetSettings)
  for (const name of await topNames(paths))
    if (ownNames.some(({ isOurs }) => isOurs(name))) await removeWhole(join(paths.dataDir, name), told)
}
