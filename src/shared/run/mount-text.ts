import type { MountSpec } from '../model/run-spec'
import type { Report } from './run-problem'
import { formatSize, parseSize } from './units'

const harmless = new Set(['rw', 'cached', 'delegated', 'consistent', 'default'])

/** A value of `-v`: `[source:]target[:options]`. */
export function parseVolume(text: string, report: Report): MountSpec | undefined {
  const { source, target, options } = splitVolume(text)
  if (!target.startsWith('/')) {
    report('bad-value', { flag: '--volume', value: text })
    return undefined
  }
  let readOnly = false
  for (const option of options.split(',').filter((o) => o !== '')) {
    if (option === 'ro' || option === 'readonly') readOnly = true
    else if (!harmless.has(option)) report('option-not-kept', { flag: '--volume', option })
  }
  return { type: isPath(source, report) ? 'bind' : 'volume', source, target, readOnly }
}

function splitVolume(text: string): { source: string; target: string; options: string } {
  // A drive letter's colon is no separator: `C:\data:/data`, `C:/data:/data`.
  const drive = /^[A-Za-z]:(\\|\/[^:]*:\/)/.test(text) ? text.slice(0, 2) : ''
  const parts = text.slice(drive.length).split(':')
  if (parts.length === 1) return { source: '', target: `${drive}${parts[0]}`, options: '' }
  const [source, target, ...options] = parts as [string, string, ...string[]]
  return { source: `${drive}${source}`, target, options: options.join(':') }
}

function isPath(source: string, report: Report): boolean {
  const isRelative = /^(\.|\.\.)([/\\]|$)/.test(source)
  if (isRelative) report('relative-path', { flag: '--volume', path: source })
  return isRelative || /^([/~$]|[A-Za-z]:[\\/]|\\\\)/.test(source)
}

/** A value of `--tmpfs`: `target[:options]`. */
export function parseTmpfs(text: string, report: Report): MountSpec | undefined {
  const colon = text.indexOf(':')
  const target = colon < 0 ? text : text.slice(0, colon)
  if (!target.startsWith('/')) {
    report('bad-value', { flag: '--tmpfs', value: text })
    return undefined
  }
  const mount: MountSpec = { type: 'tmpfs', source: '', target, readOnly: false }
  for (const option of (colon < 0 ? '' : text.slice(colon + 1)).split(',').filter((o) => o !== '')) {
    const bytes = option.startsWith('size=') ? parseSize(option.slice(5)) : undefined
    if (bytes !== undefined) mount.tmpfsBytes = bytes
    else if (option === 'ro') mount.readOnly = true
    else if (option !== 'rw') report('option-not-kept', { flag: '--tmpfs', option })
  }
  return mount
}

/** Whether a `MountSpec` says all that a value of `-v` or `--tmpfs` does. */
export function isHeld(parse: typeof parseVolume, text: string): boolean {
  let isWhole = true
  parse(text, () => (isWhole = false))
  return isWhole
}

type Field = (mount: MountSpec, value: string) => boolean
const set = (write: (mount: MountSpec, value: string) => void): Field => {
  return (mount, value) => {
    write(mount, value)
    return true
  }
}
const source = set((mount, value) => (mount.source = value))
const target = set((mount, value) => (mount.target = value))
const readOnly: Field = (mount, value) => {
  mount.readOnly = value === '' || value === 'true' || value === '1'
  return /^(|true|false|0|1)$/.test(value)
}

const mountFields: Readonly<Record<string, Field>> = {
  type: (mount, value) => {
    if (value !== 'bind' && value !== 'volume' && value !== 'tmpfs') return false
    mount.type = value
    return true
  },
  source,
  src: source,
  target,
  dst: target,
  destination: target,
  readonly: readOnly,
  ro: readOnly,
  'tmpfs-size': (mount, value) => {
    const bytes = parseSize(value)
    if (bytes !== undefined) mount.tmpfsBytes = bytes
    return bytes !== undefined
  },
}

/** A value of `--mount`: comma-separated `key=value`, a field with a comma in quotes (CSV). */
export function parseMount(text: string, report: Report): MountSpec | undefined {
  const mount: MountSpec = { type: 'volume', source: '', target: '', readOnly: false }
  let isBad = false
  for (const field of splitCsv(text)) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase()
    const apply = mountFields[key]
    if (!apply) report('option-not-kept', { flag: '--mount', option: field })
    else if (!apply(mount, equals < 0 ? '' : field.slice(equals + 1))) isBad = true
  }
  if (!isBad && mount.target.startsWith('/')) return mount
  report('bad-value', { flag: '--mount', value: text })
  return undefined
}

/** One record of RFC 4180. */
export function splitCsv(text: string): string[] {
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) =>
    found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'),
  )
}

const csvField = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A mount as a flag and its value: the short form where it can say it. */
export function formatMount(mount: MountSpec): readonly [flag: string, value: string] {
  if (mount.type === 'tmpfs') return mount.target.includes(':') ? longMount(mount) : shortTmpfs(mount)
  const reads = parsesBack(mount)
  if (!reads) return longMount(mount)
  return ['-v', shortVolume(mount)]
}

const shortVolume = (mount: MountSpec): string =>
  `${mount.source ? `${mount.source}:` : ''}${mount.target}${mount.readOnly ? ':ro' : ''}`

function parsesBack(mount: MountSpec): boolean {
  let isClean = true
  const back = parseVolume(shortVolume(mount), () => (isClean = false))
  return (
    isClean &&
    back !== undefined &&
    back.type === mount.type &&
    back.source === mount.source &&
    back.target === mount.target &&
    back.readOnly === mount.readOnly
  )
}

function shortTmpfs(mount: MountSpec): readonly [string, string] {
  const options = [
    ...(mount.readOnly ? ['ro'] : []),
    ...(mount.tmpfsBytes === undefined ? [] : [`size=${formatSize(mount.tmpfsBytes)}`]),
  ]
  return ['--tmpfs', options.length > 0 ? `${mount.target}:${options.join(',')}` : mount.target]
}

function longMount(mount: MountSpec): readonly [string, string] {
  const fields = [
    `type=${mount.type}`,
    ...(mount.source ? [`source=${mount.source}`] : []),
    `target=${mount.target}`,
    ...(mount.readOnly ? ['readonly'] : []),
    ...(mount.tmpfsBytes === undefined ? [] : [`tmpfs-size=${formatSize(mount.tmpfsBytes)}`]),
  ]
  return ['--mount', fields.map(csvField).join(',')]
}
