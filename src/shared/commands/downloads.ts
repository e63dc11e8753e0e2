import type { CheckedArgs } from '../contract'
import { shownName } from '../model'
import { quoteShell } from '../run'
import { dockerCommand, filesSubject, shortOf, type Names } from './commands'

type Prepared = CheckedArgs<'downloads.prepare'>

/** What the downloads that stand in Activity are called there, as `area.verb`. */
export const downloadKinds = ['images.save', 'files.download'] as const

export interface DownloadWords {
  readonly kind: (typeof downloadKinds)[number]
  readonly subject: string
  readonly command: string
}

/**
 * How a download stands in Activity, which takes something whole out of an engine. The text of a log, and a file of an
 * image's layer, are only looked at: they stand nowhere.
 */
export function downloadWords(asked: Prepared, names: Names): DownloadWords | undefined {
  switch (asked.what) {
    case 'image': {
      const references = asked.references.map(shortOf)
      const words = ['save', '-o', asked.name, ...references]
      const subject = references.length === 1 && references[0] !== undefined ? references[0] : asked.name
      return { kind: 'images.save', subject, command: dockerCommand(words, asked.engine, names) }
    }
    case 'file':
    case 'folder':
      return {
        kind: 'files.download',
        subject: filesSubject(asked, asked.engine, names),
        command: copyOut(asked, names),
      }
    case 'logs':
    case 'layer-file':
      return undefined
  }
}

/** `docker cp` knows no volumes. What it writes to `-` is a tar. */
function copyOut(asked: Extract<Prepared, { what: 'file' | 'folder' }>, names: Names): string {
  const { root, path, name, engine } = asked
  if (root.kind === 'volume') return ''
  const from = `${names.nameOf('containers', engine, root.id) ?? shortOf(root.id)}:${shownName(path)}`
  if (asked.what === 'file') return dockerCommand(['cp', '-L', from, name], engine, names)
  return `${dockerCommand(['cp', from, '-'], engine, names)} > ${quoteShell(name)}`
}
