import type { CheckedArgs, Handlers, Item } from '../../../shared/contract'
import { initialCreditBytes } from '../../../shared/contract/wire'
import { AppError } from '../../../shared/errors'
import { downloadName } from './download-name'
import { asTask, type StartTask } from './download-task'
import { Tickets } from './tickets'

type Prepared = CheckedArgs<'downloads.prepare'>
type Source<What extends Prepared['what']> = (
  asked: Extract<Prepared, { what: What }>,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>

/** Where the bytes of each kind of download come from. */
export type DownloadSources = { readonly [What in Prepared['what']]: Source<What> }

export interface DownloadOptions {
  readonly sources: DownloadSources
  /** What puts a download into Activity; `undefined` for one that does not stand there. */
  readonly taskFor?: (asked: Prepared) => StartTask | undefined
  /** Milliseconds; a test passes its own clock. */
  readonly now?: () => number
}

/** A message holds much more, but one chunk should not use up the reader's whole credit. */
const maxChunkBytes = initialCreditBytes / 2

export function downloadHandlers(
  options: DownloadOptions,
): Pick<Handlers, 'downloads.prepare' | 'downloads.read'> {
  const { sources, taskFor, now } = options
  const tickets = new Tickets<Prepared>({ now })

  return {
    'downloads.prepare': (args) => {
      const asked = { ...args, name: downloadName(args.name, fallbackNames[args.what]) }
      return { ticket: tickets.issue(asked), name: asked.name }
    },

    'downloads.read': async function* ({ ticket }, { signal }) {
      const asked = tickets.at(ticket)
      tickets.drop(ticket)
      if (!asked)
        throw new AppError('object.not-found', 'That download is over', { facts: { what: 'download' } })
      const start = taskFor?.(asked)
      const items = (until: AbortSignal): AsyncGenerator<DownloadItem> => itemsOf(sources, asked, until)
      yield* start ? asTask(start, items, signal) : items(signal)
    },
  }
}

type DownloadItem = Item<'downloads.read'>

async function* itemsOf(
  sources: DownloadSources,
  asked: Prepared,
  signal: AbortSignal,
): AsyncGenerator<DownloadItem> {
  // The source is opened first: what cannot be read must fail before a file has a name.
  const bytes = await open(sources, asked, signal)
  yield { kind: 'head', name: asked.name }
  for await (const chunk of bytes)
    for (let from = 0; from < chunk.byteLength; from += maxChunkBytes)
      yield chunk.subarray(from, from + maxChunkBytes)
}

const fallbackNames: Record<Prepared['what'], string> = {
  image: 'image.tar',
  logs: 'logs.txt',
  file: 'file',
  folder: 'folder.tar',
  'layer-file': 'file',
}

function open(sources: DownloadSources, asked: Prepared, signal: AbortSignal): ReturnType<Source<'image'>> {
  switch (asked.what) {
    case 'image':
      return sources.image(asked, signal)
    case 'logs':
      return sources.logs(asked, signal)
    case 'file':
      return sources.file(asked, signal)
    case 'folder':
      return sources.folder(asked, signal)
    case 'layer-file':
      return sources['layer-file'](asked, signal)
  }
}
