import type { Handlers } from '../../../shared/contract'
import { isCode } from '../../../shared/errors'
import type { FileChange } from '../../../shared/model'
import { otherFlags, otherNetworks, specFromInspect, type ContainerConfig } from '../../../shared/run'
import { pathPart, type EngineClient, type EngineOf } from '../engine/engine'
import { containerDetail } from './container-detail'
import type { InspectAnswer } from './inspect-answer'

type PageName = `containers.${'inspect' | 'top' | 'changes' | 'spec'}`

/** More rows than anybody reads; an installed distribution changes a hundred thousand files. */
export const maxChanges = 20_000
/** The engine compares whole file trees. */
const changesMs = 120_000

const kinds = ['modified', 'added', 'deleted'] as const

/** What a container's page asks. */
export function pageHandlers(engineOf: EngineOf): Pick<Handlers, PageName> {
  return {
    'containers.inspect': async (ref, signal) =>
      containerDetail(await inspect(engineOf(ref.engine), ref.id, signal)),
    'containers.top': async (ref, signal) => {
      const path = `/containers/${pathPart(ref.id)}/top`
      const table = await engineOf(ref.engine).json<TopAnswer>({ path, signal })
      return { titles: table.Titles ?? [], rows: table.Processes ?? [] }
    },
    'containers.changes': async (ref, signal) => {
      const path = `/containers/${pathPart(ref.id)}/changes`
      const all = await engineOf(ref.engine).json<ChangesAnswer>({ path, signal, timeoutMs: changesMs })
      const changes = (all ?? [])
        .slice(0, maxChanges)
        .map(({ Path: file, Kind: kind }): FileChange => ({ path: file, change: kinds[kind] ?? 'modified' }))
      return { changes, isCut: (all ?? []).length > maxChanges }
    },
    'containers.spec': async (ref, signal) => {
      const engine = engineOf(ref.engine)
      const container = await inspect(engine, ref.id, signal)
      const image = await imageConfig(engine, container.Image ?? '', signal)
      return {
        spec: specFromInspect(container, image),
        flags: otherFlags(container),
        networks: otherNetworks(container),
      }
    },
  }
}

interface TopAnswer {
  readonly Titles?: string[] | null
  readonly Processes?: string[][] | null
}
type ChangesAnswer = readonly { readonly Path: string; readonly Kind: number }[] | null

const inspect = (engine: EngineClient, id: string, signal: AbortSignal): Promise<InspectAnswer> =>
  engine.json<InspectAnswer>({ path: `/containers/${pathPart(id)}/json`, signal })

/** An image may be gone while its container stays: then nothing can be told apart from it. */
async function imageConfig(engine: EngineClient, id: string, signal: AbortSignal): Promise<ContainerConfig> {
  try {
    const image = await engine.json<{ Config?: ContainerConfig | null }>({
      path: `/images/${pathPart(id)}/json`,
      signal,
    })
    return image.Config ?? {}
  } catch (error) {
    if (isCode(error, 'object.not-found')) return {}
    throw error
  }
}
