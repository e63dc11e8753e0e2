import type { MachinePaths, Paths } from '../platform/paths'
import { basename, dirname } from 'node:path'

/** What of a folder's names is ours. All others were put there by somebody else, and stay. */
export interface Ours {
  /** Ours with all that is in it. */
  readonly whole: (name: string) => boolean
  /** A folder of ours in which strangers may have put something too. */
  readonly inside?: (name: string) => Ours | undefined
}

/** Names that a running process holds: its socket, its log, its token, the profile of its window. */
const heldNames = ['core.sock', 'serve.token', 'open.html', 'browser']
const heldLogs = ['core.log', 'desktop.log']

/** A save that was cut off. */
const cutOff = /\.writing-[0-9a-f-]+$/
const stamp = /^settings\.bad-[0-9TZ-]+\.json$/

const named =
  (...names: readonly string[]) =>
  (name: string): boolean =>
    names.includes(name.replace(cutOff, ''))

export const settingsNames = (name: string): boolean =>
  named('settings.json', 'settings.last-good.json')(name) || stamp.test(name)

export const windowNames = named('window.json')

export const logNames: Ours = {
  whole: (name) => /^((core|desktop)\.log\.[1-3]|engine\.log(\.1)?)$/.test(name),
}

export const engineNames: Ours = {
  whole: named('data', 'exec', 'daemon.json', 'network.json', 'docker.sock', 'docker.pid'),
}

/** The files of an image, packed or not, also those that a hypervisor has made of them. */
const imageFile =
  /^(vmlinuz|initrd\.img|root\.erofs|bootloader\.efi|licences\.txt|manifest\.json)(\.[\w.-]+)?$/
const imageFolder = /^(\.fetching-)?[0-9a-f]{32}$/
export const imageNames: Ours = {
  whole: () => false,
  inside: (name) => (imageFolder.test(name) ? { whole: (file) => imageFile.test(file) } : undefined),
}

/** What hypervisors other than QEMU keep beside the names in `MachinePaths`. */
const hypervisorNames = ['data.vhdx', 'hyperv', 'hyperkit.json', 'tty', 'net.sock', 'vs']

/** A copy or a move that was cut off. */
const cutCopy = /\.(copying|moved)$/

export function machineNames(paths: MachinePaths): Ours {
  const inDir = Object.values<string>({ ...paths })
    .filter((path) => dirname(path) === paths.dir || dirname(path) === paths.run)
    .map((path) => basename(path))
    .filter((name) => name !== basename(paths.snapshots))
  const isOurs = named(...inDir, `${basename(paths.userKey)}.pub`, 'machine.log.1', ...hypervisorNames)
  return {
    whole: (name) => isOurs(name.replace(cutCopy, '')),
    inside: (name) =>
      name === basename(paths.snapshots)
        ? { whole: (file) => /\.(raw|vhdx|json)$/.test(file.replace(cutOff, '').replace(cutCopy, '')) }
        : undefined,
  }
}

export const isMachineFolder = (name: string): boolean => /^m-[a-z0-9]{1,60}$/.test(name)

/** The folders of machines, but for those that a machine still has. */
export const machineFolders = (paths: Paths, isInUse: (id: string) => boolean): Ours => ({
  whole: () => false,
  inside: (name) => (isMachineFolder(name) && !isInUse(name) ? machineNames(paths.machine(name)) : undefined),
})

/** What of the data folder's own names is told: what is held stays, what nobody knows is not ours. */
export function whyStays(name: string): 'in-use' | 'foreign' | undefined {
  if (heldNames.includes(name)) return 'in-use'
  const isOurs = settingsNames(name) || windowNames(name)
  return isOurs || ['engine', 'images', 'logs', 'machines'].includes(name) ? undefined : 'foreign'
}

export const isHeldLog = (name: string): boolean => heldLogs.includes(name)
