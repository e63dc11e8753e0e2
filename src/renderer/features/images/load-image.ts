import type { EngineId } from '../../../shared/model'
import { openStream, piecesOf } from '../../api'
import { translate } from '../../i18n'
import { toWire } from '../../../shared/errors'
import { showError, showToast } from '../../store/toasts'

/** Sends a tar up to the engine, as fast as core takes it. Progress and cancel are in the task list. */
export async function loadImage(engine: EngineId, file: File): Promise<void> {
  const stream = openStream('images.load', { engine, name: file.name, sizeBytes: file.size })
  try {
    const [loaded] = await Promise.all([readLoaded(stream), send(stream, file)])
    showToast({ tone: 'ok', title: translate('images.loadTask.done', { names: loaded.join(', ') }) })
  } catch (error) {
    const wire = toWire(error)
    if (wire.code !== 'cancelled') showError(wire, translate('images.loadTask.title', { name: file.name }))
  } finally {
    stream.cancel()
  }
}

type Load = ReturnType<typeof openStream<'images.load'>>

async function readLoaded(stream: Load): Promise<readonly string[]> {
  for await (const item of stream) return item.references
  return []
}

async function send(stream: Load, file: File): Promise<void> {
  for await (const piece of piecesOf(file)) await stream.send(piece)
  await stream.send({ end: true })
}
