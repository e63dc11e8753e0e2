import { AppError } from '../../../../shared/errors'
import type { Progress } from '../../../../shared/model'
import { log } from '../../platform/log'
import type { ImageFiles } from '../vm/backend'
import type { ImageSource, ImageState } from '../vm/image-source'
import { withSignal } from '../../platform/with-signal'
import { buildImage, builtImage } from './build-image'
import { downloadImage, fetchLatest, type ReleasePlace } from './download-image'
import { filesOf, KeptImages, type KeptImage } from './kept-images'
import { archOf, type ImageArch } from './manifest'

export interface ImageStoreOptions {
  /** `paths.images`. */
  readonly dir: string
  /** A checkout that can build: it goes before any release. */
  readonly checkout?: string
  readonly release?: ReleasePlace
  /** Default: this computer's. */
  readonly arch?: ImageArch
}

interface More {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** About what a download takes, for when the server cannot be asked. */
const typicalDownloadBytes = 130e6

/** The machine images of this data folder: found, built or fetched, kept, and taken away when nothing needs them. */
export class ImageStore implements ImageSource {
  readonly #kept: KeptImages | undefined
  readonly #arch: ImageArch | undefined
  /** One at a time: two machines that start at once need the same image. */
  #last: Promise<void> = Promise.resolve()

  constructor(private readonly options: ImageStoreOptions) {
    this.#arch = options.arch ?? archOf(process.arch)
    if (this.#arch) this.#kept = new KeptImages(options.dir, this.#arch)
  }

  async state(): Promise<ImageState> {
    const { checkout, release } = this.options
    if (!this.#arch || !this.#kept) return { way: 'none', bytes: 0 }
    if (checkout) return { way: (await builtImage(checkout, this.#arch)) ? 'ready' : 'build', bytes: 0 }
    if ((await this.#kept.list()).length > 0) return { way: 'ready', bytes: 0 }
    if (!release) return { way: 'none', bytes: 0 }
    const latest = await fetchLatest(release, this.#arch, AbortSignal.timeout(4000)).catch(() => undefined)
    return { way: 'download', bytes: latest?.sizeBytes ?? typicalDownloadBytes }
  }

  /** Asks the network only when there is no image: a start never waits for a newer one. */
  ensure(more: More): Promise<ImageFiles> {
    return this.#inTurn(more.signal, async () => {
      const { checkout } = this.options
      if (!this.#arch || !this.#kept) throw none(process.arch)
      if (checkout) return filesOf(await this.#fromCheckout(checkout, more))
      const [newest] = await this.#kept.list()
      return filesOf(newest ?? (await this.#download(more)))
    })
  }

  async find(id: string): Promise<ImageFiles | undefined> {
    const kept = await this.#kept?.get(id)
    return kept && filesOf(kept)
  }

  /** Fetches the newest released image when it is newer than what is kept; answers whether one came. */
  update(more: More): Promise<boolean> {
    return this.#inTurn(more.signal, async () => {
      if (!this.#arch || !this.#kept || !this.options.release) return false
      const latest = await fetchLatest(this.options.release, this.#arch, more.signal)
      const [newest] = await this.#kept.list()
      // An older one, though signed, may have holes that are known by now.
      if (newest && latest.manifest.epochS <= newest.manifest.epochS) return false
      await this.#download(more)
      return true
    })
  }

  /** The images that are kept, the newest first. */
  list(): Promise<KeptImage[]> {
    return this.#kept?.list() ?? Promise.resolve([])
  }

  /** Takes away what neither a machine that runs or is suspended nor the next start needs. */
  removeUnused(usedIds: readonly string[]): Promise<void> {
    return this.#inTurn(undefined, () => this.#kept?.removeUnused(usedIds) ?? Promise.resolve())
  }

  async #fromCheckout(root: string, { signal, progress }: More): Promise<KeptImage> {
    const { kept, arch } = this.#parts()
    const there = await builtImage(root, arch)
    const say = (note: string): void => progress({ note })
    return kept.adopt(there ?? (await buildImage({ root, arch, signal, say })))
  }

  async #download({ signal, progress }: More): Promise<KeptImage> {
    const { kept, arch } = this.#parts()
    const place = this.options.release
    if (!place) throw none(arch)
    const latest = await fetchLatest(place, arch, signal)
    log.info('machines', 'image download', { id: latest.manifest.id, sizeBytes: latest.sizeBytes })
    return downloadImage({ place, kept, latest, signal, progress })
  }

  #parts(): { kept: KeptImages; arch: ImageArch } {
    if (!this.#kept || !this.#arch) throw none(process.arch)
    return { kept: this.#kept, arch: this.#arch }
  }

  #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last
    const turn = (signal ? withSignal(before, signal) : before).then(work)
    // Who leaves while it waits is over before the one that it waited for: the next one waits for both.
    this.#last = Promise.allSettled([before, turn]).then(() => undefined)
    return turn
  }
}

const none = (arch: string): AppError =>
  new AppError('machine.image-missing', 'There is no machine image for this computer', { facts: { arch } })
