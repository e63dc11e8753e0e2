import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from '../shell'

/** The Debian release that the image is made of. */
export const suite = 'trixie'
export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

interface Mirror {
  readonly main: string
  readonly security: string
}

/** Debian's mirrors that this host's own apt uses, else Debian's official ones. */
export async function mirrorOfHost(etc = '/etc/apt'): Promise<Mirror> {
  const uris = await urisOf(etc)
  const find = (end: RegExp): string | undefined => uris.find((uri) => end.test(uri))?.replace(/\/$/, '')
  return {
    main: find(/\/debian\/?$/) ?? 'http://deb.debian.org/debian',
    security: find(/\/debian-security\/?$/) ?? 'http://deb.debian.org/debian-security',
  }
}

async function urisOf(etc: string): Promise<string[]> {
  const folder = join(etc, 'sources.list.d')
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => /\.(list|sources)$/.test(name))
    .sort()
  const files = [join(etc, 'sources.list'), ...names.map((name) => join(folder, name))]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap(urisInText)
}

/** Both forms: `deb [options] URI suite …` a line, and `URIs: URI URI` in a paragraph. */
export function urisInText(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line))
  return lines.flatMap((line) => {
    const old = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)
    if (old?.[1]) return [old[1]]
    const now = /^URIs:\s*(.+)$/i.exec(line)
    return now?.[1] ? now[1].trim().split(/\s+/) : []
  })
}

/** Lines of a sources.list: packages are taken only when Debian's own keys signed their index. */
export function sourceLines({ main, security }: Mirror): string[] {
  const line = (uri: string, of: string): string => `deb [signed-by=${keyring}] ${uri} ${of} main`
  return [line(main, suite), line(main, `${suite}-updates`), line(security, `${suite}-security`)]
}

/** How this host fetches (proxies, certificates): all that its apt's `Acquire` settings say. */
export const acquireSettings = (): Promise<string> =>
  runTool('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire'])
