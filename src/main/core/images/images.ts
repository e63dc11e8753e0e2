import type { CheckedArgs, Handlers } from '../../../shared/contract'
import { AppError, type Facts } from '../../../shared/errors'
import type { EngineId, Json, Progress, TaskId } from '../../../shared/model'
import { pathPart, type EngineOf } from '../engine/engine'
import type { RowsOf, WholeRowsOf } from '../inventory/inventory'
import { imageDetail } from './image-detail'
import { LayerIndex } from './layer-index'
import { nameOf, pullImage, readReference, type AuthHeaderFor } from './pull'
import { planPrune, prune, removeImage, untagImage } from './removal'
import { fileTar, sentTar } from './tar-source'
import { loadImages } from './tar-transfer'

export interface TaskStart {
  readonly kind: 'images.pull' | 'images.load'
  readonly engine: EngineId
  /** In the person's words: a reference, a file name. */
  readonly subject: string
  /** The arguments of the contract's call, for its `docker` command. */
  readonly args: Readonly<Record<string, unknown>>
}

/**
 * Puts a long piece of work into Activity and answers at once. The work's end, its error and what it gives
 * (`Facts` for the task's result) are recorded; `signal` aborts when the person cancels the task.
 */
export type StartTask = (
  task: TaskStart,
  work: (run: {
    readonly signal: AbortSignal
    readonly progress: (progress: Progress) => void
  }) => Promise<Facts>,
) => TaskId

export interface ImagesDeps {
  readonly engineOf: EngineOf
  readonly rowsOf: RowsOf
  readonly wholeRowsOf: WholeRowsOf
  readonly authHeaderFor: AuthHeaderFor
  readonly startTask: StartTask
}

type ImageCalls = Pick<
  Handlers,
  | 'images.pull'
  | 'images.tag'
  | 'images.untag'
  | 'images.remove'
  | 'images.prunePlan'
  | 'images.prune'
  | 'images.inspect'
  | 'images.history'
  | 'images.load'
>

export function imageHandlers(deps: ImagesDeps): ImageCalls {
  const { engineOf, rowsOf, wholeRowsOf } = deps
  const index = new LayerIndex()
  const pruning = (id: EngineId) => ({ engine: engineOf(id), rowsOf, index })
  return {
    'images.pull': (args) => startPull(deps, args),
    'images.tag': async ({ engine, id, reference }, signal) => {
      const target = readReference(reference)
      if (target.digest !== undefined) throw noDigest(reference)
      await engineOf(engine).json({
        method: 'POST',
        path: `/images/${pathPart(id)}/tag`,
        query: { repo: nameOf(target), tag: target.tag },
        signal,
      })
      return null
    },
    'images.untag': ({ engine, reference }, signal) => untagImage(engineOf(engine), reference, signal),
    'images.remove': ({ engine, id, force }, signal) =>
      removeImage(engineOf(engine), { id, force, rowsOf }, signal),
    'images.prunePlan': ({ engine, all }, signal) =>
      planPrune({ ...pruning(engine), rowsOf: wholeRowsOf }, all, signal),
    'images.prune': ({ engine, ids }, signal) => prune(pruning(engine), ids, signal),
    'images.inspect': async ({ engine, id }, signal) => {
      const raw = await engineOf(engine).json<Json>({ path: `/images/${pathPart(id)}/json`, signal })
      const detail = imageDetail(raw)
      // With containerd's image store an inspect tells another size than a list; the list's is what people know.
      const row = rowsOf(engine, 'images').find((image) => image.id === detail.id)
      return { ...detail, sizeBytes: row?.sizeBytes ?? detail.sizeBytes }
    },
    'images.history': async ({ engine, id }, signal) => {
      const rows = rowsOf(engine, 'images')
      index.forget(engine, rows)
      // Asked for by a name, an image would be told to share its layers with itself.
      const row = rows.find((image) => image.id === id || image.tags.includes(id))
      return { layers: await index.history(engineOf(engine), { id: row?.id ?? id, rows }, signal) }
    },
    'images.load': (args, context) => load(deps, args, context),
  }
}

const noDigest = (reference: string): AppError =>
  new AppError('input.invalid', 'A tag names no digest', {
    facts: { path: 'reference', problem: 'reference.bad-tag', value: reference.slice(0, 200) },
  })

function startPull(
  { engineOf, authHeaderFor, startTask }: ImagesDeps,
  args: { engine: EngineId; reference: string; platform: string },
): { task: TaskId } {
  const { engine, platform } = args
  // Before the task: a wrong reference or an engine that is away is told to who asked, and starts nothing.
  const { familiar } = readReference(args.reference)
  const client = engineOf(engine)
  const task = startTask({ kind: 'images.pull', engine, subject: familiar, args }, ({ signal, progress }) =>
    pullImage(client, args.reference, { platform, authHeaderFor, signal, progress }),
  )
  return { task }
}

async function* load(
  { engineOf, startTask }: ImagesDeps,
  args: CheckedArgs<'images.load'>,
  { input, signal }: Parameters<Handlers['images.load']>[1],
): ReturnType<Handlers['images.load']> {
  const { name, engine, path } = args
  const client = engineOf(engine)
  let loading: Promise<string[]> | undefined
  const started = new Promise<void>((resolve) => {
    startTask({ kind: 'images.load', engine, subject: name, args }, async (task) => {
      loading = loadImages(client, {
        name,
        tar: path === undefined ? sentTar(input, args.sizeBytes) : fileTar(path),
        // The task's cancel and the window's going away both end it.
        signal: AbortSignal.any([task.signal, signal]),
        progress: task.progress,
      })
      resolve()
      return { references: (await loading).join(', ') }
    })
  })
  await started
  yield { kind: 'loaded', references: (await loading) ?? [] }
}
