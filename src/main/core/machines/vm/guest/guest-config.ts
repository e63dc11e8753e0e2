import { mkdir, readFile, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'
import { removeUnfinished, writeAtomic } from '../../../platform/atomic-file'
import type { MachinePaths } from '../../../platform/paths'
import { takeStartLock } from '../kept/start-lock'
import { newcArchive, type CpioFile } from './cpio'

/** What a machine knows its owner by, and its owner it. Texts in OpenSSH's formats. */
export interface MachineKeys {
  readonly userPrivate: string
  readonly userPublic: string
  readonly hostPrivate: string
  readonly hostPublic: string
}

/** Makes an ed25519 key in OpenSSH's formats: its own text, and `ssh-ed25519 AAAA… comment`. */
export type NewKeyPair = (comment: string) => { readonly privateKey: string; readonly publicKey: string }

/**
 * The machine's keys; made at its first start, and made anew when a file of them is gone. Throws
 * `machine.disk-in-use` while another core makes them: each would run on its own and keep the other's.
 */
export async function machineKeys(paths: MachinePaths, parts: KeyParts): Promise<MachineKeys> {
  const kept = await keptKeys(paths)
  if (kept) return kept
  await mkdir(paths.run, { recursive: true, mode: 0o700 })
  const unlock = await takeStartLock(paths.startLock)
  try {
    for (const file of keyFiles(paths)) await removeUnfinished(file)
    return (await keptKeys(paths)) ?? (await newKeys(paths, parts))
  } finally {
    await unlock()
  }
}

interface KeyParts {
  readonly name: string
  readonly newKeyPair: NewKeyPair
}

const keyFiles = ({ userKey, hostKey, hostKeyPublic }: MachinePaths): string[] => [
  ...[userKey, `${userKey}.pub`, hostKey, hostKeyPublic],
]

async function keptKeys(paths: MachinePaths): Promise<MachineKeys | undefined> {
  const texts = await Promise.all(keyFiles(paths).map((file) => readFile(file, 'utf8').catch(() => '')))
  if (texts.includes('')) return undefined
  const [userPrivate = '', userPublic = '', hostPrivate = '', hostPublic = ''] = texts
  return { userPrivate, userPublic: userPublic.trim(), hostPrivate, hostPublic: hostPublic.trim() }
}

async function newKeys(paths: MachinePaths, { name, newKeyPair }: KeyParts): Promise<MachineKeys> {
  const [user, host] = [newKeyPair(`slipway-${name}`), newKeyPair(name)]
  const texts = [user.privateKey, `${user.publicKey.trim()}\n`, host.privateKey, `${host.publicKey.trim()}\n`]
  // An unfinished set must be seen to be one: files of two sets fit nothing.
  for (const file of keyFiles(paths)) await rm(file, { force: true })
  for (const [index, file] of keyFiles(paths).entries()) await writeAtomic(file, texts[index] ?? '')
  return {
    ...{ userPrivate: user.privateKey, userPublic: user.publicKey.trim() },
    ...{ hostPrivate: host.privateKey, hostPublic: host.publicKey.trim() },
  }
}

/** Writes the archive that is appended to the initrd: the guest finds it as `/inject`. */
export async function writeGuestConfig(
  paths: MachinePaths,
  settings: MachineSettings,
  keys: MachineKeys,
): Promise<void> {
  const files = [...configFiles(settings, keys), ...(await caFiles(settings.caFiles))]
  await removeUnfinished(paths.config)
  // Another core may be starting the machine: it reads this file whole, of either's writing.
  await writeAtomic(paths.config, newcArchive(files))
}

/** The settings as the guest reads them. */
export function configFiles(settings: MachineSettings, keys: MachineKeys): CpioFile[] {
  const { name, daemonJson, swapMiB, dns } = settings
  const proxy = proxyLines(settings)
  return [
    { path: 'inject/ssh_host_ed25519_key', content: keys.hostPrivate },
    { path: 'inject/ssh_host_ed25519_key.pub', content: `${keys.hostPublic}\n`, mode: 0o644 },
    { path: 'inject/authorized_keys', content: `${keys.userPublic}\n` },
    { path: 'inject/hostname', content: `${name}\n`, mode: 0o644 },
    { path: 'inject/daemon.json', content: daemonJson, mode: 0o644 },
    ...(dns.length > 0 ? [text('resolv.conf', dns.map((ip) => `nameserver ${ip}\n`).join(''))] : []),
    ...(proxy.length > 0 ? [text('proxy.env', proxy.map((line) => `${line}\n`).join(''))] : []),
    ...(swapMiB > 0 ? [text('swap-mib', `${swapMiB}\n`)] : []),
  ]
}

const text = (name: string, content: string): CpioFile => ({
  ...{ path: `inject/${name}`, content, mode: 0o644 },
})

/** Both writings: programs disagree on which they read. */
function proxyLines({ proxy }: MachineSettings): string[] {
  const pairs = [
    ['HTTP_PROXY', proxy?.http],
    ['HTTPS_PROXY', proxy?.https],
    ['NO_PROXY', proxy?.none],
  ] as const
  return pairs.flatMap(([key, value]) =>
    value ? [key, key.toLowerCase()].map((each) => `${each}=${oneLine(value)}`) : [],
  )
}

const oneLine = (value: string): string => value.replace(/[\r\n]+/g, ' ').trim()

/** The certificates of the host's files. Throws `file.failed` for one that cannot be read or is none. */
export async function caFiles(paths: readonly string[]): Promise<CpioFile[]> {
  return Promise.all(
    paths.map(async (path, index) => {
      const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        const facts = { path, reason: cause.code ?? 'unreadable' }
        throw new AppError('file.failed', `Cannot read ${path}`, { facts, cause })
      })
      if (!content.includes('-----BEGIN CERTIFICATE-----'))
        throw new AppError('file.failed', `${path} holds no PEM certificate`, {
          facts: { path, reason: 'no PEM certificate' },
        })
      const safe = basename(path).replace(/[^A-Za-z0-9._-]/g, '_')
      return { path: `inject/ca/${index}-${safe.replace(/\.(crt|pem|cer)$/i, '')}.crt`, content, mode: 0o644 }
    }),
  )
}
