import type { VolumeSize } from '../../../shared/model'
import type { EngineClient } from '../engine/engine'

/** The engine walks every file of every volume. */
const walkTimeoutMs = 600_000

interface RawUsage {
  readonly Volumes?:
    | readonly {
        readonly Name: string
        readonly UsageData?: { readonly Size: number; readonly RefCount: number } | null
      }[]
    | null
}

/** How big each volume is. -1 where its driver cannot tell. */
export async function volumeSizes(
  engine: EngineClient,
  signal: AbortSignal,
  timeoutMs = walkTimeoutMs,
): Promise<VolumeSize[]> {
  const usage = await engine.json<RawUsage>({
    path: '/system/df',
    // From 1.42 it may be asked for volumes alone; before, images and containers are walked too.
    query: { type: canFilter(engine.facts.apiVersion) ? 'volume' : undefined },
    timeoutMs,
    signal,
  })
  return (usage.Volumes ?? []).map(({ Name: id, UsageData: data }) => ({
    id,
    sizeBytes: data?.Size ?? -1,
    refCount: data?.RefCount ?? -1,
  }))
}

function canFilter(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number)
  return major > 1 || (major === 1 && minor >= 42)
}
