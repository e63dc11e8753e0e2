import type { MachineBackend, MachineSettings } from '../../../../shared/model'

export interface DraftShare {
  readonly path: string
  readonly isReadOnly: boolean
  /** Of a line that was typed in: it stays a line, also where its path is the home folder's. */
  readonly isTyped?: boolean
}

/** The share that the home folder's switch stands for, by its place; -1 when there is none. */
export const homeIndex = (shares: readonly DraftShare[], home: string | undefined): number =>
  shares.findIndex((share) => share.path === home && share.isTyped !== true)

/** Settings as they stand in the form's fields: half typed numbers, lists as lines. */
export interface Draft {
  readonly name: string
  readonly backend: MachineBackend
  readonly cpus: number | undefined
  readonly memoryMiB: number | undefined
  readonly swapMiB: number | undefined
  readonly diskGiB: number | undefined
  readonly diskDir: string
  readonly shares: readonly DraftShare[]
  /** One a line. */
  readonly dns: string
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
  /** One a line. */
  readonly caFiles: string
  readonly daemonJson: string
  readonly isPublishedToLan: boolean
  readonly idleMinutes: number | undefined
  readonly startsWithApp: boolean
  readonly onQuit: MachineSettings['onQuit']
}

export function draftOf(settings: MachineSettings): Draft {
  const { proxy, dns, caFiles, diskDir, ...same } = settings
  return {
    ...same,
    diskDir: diskDir ?? '',
    dns: dns.join('\n'),
    httpProxy: proxy?.http ?? '',
    httpsProxy: proxy?.https ?? '',
    noProxy: proxy?.none ?? '',
    caFiles: caFiles.join('\n'),
  }
}

export const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean)

/** What core takes. Meaningful only when nothing is wrong with the draft. */
export function settingsOf(draft: Draft): MachineSettings {
  const { httpProxy, httpsProxy, noProxy, diskDir, dns, caFiles, ...same } = draft
  const proxy = {
    ...(httpProxy.trim() !== '' && { http: httpProxy.trim() }),
    ...(httpsProxy.trim() !== '' && { https: httpsProxy.trim() }),
    ...(noProxy.trim() !== '' && { none: noProxy.trim() }),
  }
  return {
    ...same,
    cpus: draft.cpus ?? 0,
    memoryMiB: draft.memoryMiB ?? 0,
    swapMiB: draft.swapMiB ?? 0,
    diskGiB: draft.diskGiB ?? 0,
    idleMinutes: draft.idleMinutes ?? 0,
    shares: draft.shares.map(({ path, isReadOnly }) => ({ path: path.trim(), isReadOnly })),
    dns: linesOf(dns),
    caFiles: caFiles
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    ...(diskDir.trim() !== '' && { diskDir: diskDir.trim() }),
    ...(Object.keys(proxy).length > 0 && { proxy }),
  }
}

type Change = { -readonly [K in Exclude<keyof MachineSettings, 'backend'>]?: MachineSettings[K] | undefined }

/**
 * The keys in which two settings differ. What was taken away is sent empty where empty means none: a key that
 * is not sent does not change.
 */
export function changesOf(before: MachineSettings, after: MachineSettings): Change {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof MachineSettings)[]
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return Object.fromEntries(
    changed.filter((key) => key !== 'backend').map((key) => [key, after[key] ?? emptyOf(key)]),
  )
}

const emptyOf = (key: keyof MachineSettings): unknown => (key === 'proxy' ? {} : '')
