import type { DiskEntry } from '../../../shared/model'
import type { EngineClient } from '../engine/engine'
import { biggestFirst, noBytes, type Counted } from './measured-disk'

/** The engine walks every file of every container and volume. */
const walkTimeoutMs = 600_000
/** Only the notes of the build cache are asked for: without them there is a report all the same. */
const cacheTimeoutMs = 20_000

/** `GET /system/df`, as far as it is read here. -1: the engine does not know. */
interface RawUsage {
  readonly LayersSize?: number
  readonly Images?:
    readonly { readonly Id: string; readonly Size: number; readonly SharedSize: number }[] | null
  readonly Containers?: readonly { readonly Id: string; readonly SizeRw?: number }[] | null
  readonly Volumes?:
    readonly { readonly Name: string; readonly UsageData?: { readonly Size: number } | null }[] | null
  readonly BuildCache?:
    | readonly {
        readonly ID: string
        readonly Size: number
        readonly Shared?: boolean
        readonly Description?: string
      }[]
    | null
}

/** What the engine itself counts, by its store in lengths of files or in blocks; no logs nor what else lies in its data folder. */
export async function countedDisk(engine: EngineClient, signal: AbortSignal): Promise<Counted> {
  const raw = await engine.json<RawUsage>({ path: '/system/df', timeoutMs: walkTimeoutMs, signal })
  const images = (raw.Images ?? []).map((image): DiskEntry => {
    const sharedBytes = Math.max(0, image.SharedSize)
    return { kind: 'image', id: image.Id, bytes: Math.max(0, image.Size - sharedBytes), sharedBytes }
  })
  const containers = (raw.Containers ?? []).map(({ Id, SizeRw }) => entry('container', Id, SizeRw))
  const volumes = (raw.Volumes ?? []).map(({ Name, UsageData }) => entry('volume', Name, UsageData?.Size))
  const caches = (raw.BuildCache ?? [])
    // What images have, too, is counted with them.
    .filter(({ Shared }) => Shared !== true)
    .map(({ ID, Size, Description }) => ({
      ...entry('cache', ID, Size),
      ...(Description && { note: Description }),
    }))
  const totals = {
    ...noBytes,
    image: Math.max(0, raw.LayersSize ?? 0),
    container: sum(containers),
    volume: sum(volumes),
    cache: sum(caches),
  }
  const entries = biggestFirst([...images, ...containers, ...volumes, ...caches])
  return { areLayersMeasured: false, totals, entries }
}

/** What made each build cache entry, by its id. Only engines that tell it without walking everything are asked. */
export async function cacheNotes(
  engine: EngineClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const [major = 0, minor = 0] = engine.facts.apiVersion.split('.').map(Number)
  if (major === 1 && minor < 42) return new Map()
  const query = { type: 'build-cache' }
  const ask = engine.json<RawUsage>({ path: '/system/df', query, timeoutMs: cacheTimeoutMs, signal })
  const raw = await ask.catch((): RawUsage => ({}))
  signal.throwIfAborted()
  return new Map((raw.BuildCache ?? []).map(({ ID, Description }) => [ID, Description ?? '']))
}

const entry = (kind: DiskEntry['kind'], id: string, bytes: number | undefined): DiskEntry => ({
  ...{ kind, id, bytes: Math.max(0, bytes ?? 0), sharedBytes: 0 },
})

const sum = (entries: readonly DiskEntry[]): number => entries.reduce((total, { bytes }) => total + bytes, 0)
