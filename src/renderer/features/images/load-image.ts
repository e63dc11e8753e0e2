import type { EngineId } from '../../../shared/model'
import { openStream, pathOf, piecesOf } from '../../api'
import { translate } from '../../i18n'
import { toWire } from '../../../shared/errors'
import { showError, showToast } from '../../store/toasts'

/**
 * Loads a tar into the engine: core reads it where it lies, or it is sent as fast as core takes it. Progress and
 * cancel are in the task list.
 */
export async function loadImage(engine: EngineId, file: File): Promise<void> {
  const path = pathOf(file)
  const what = { engine, name: file.name, sizeBytes: file.size }
  const stream = openStream('images.load', path === undefined ? what : { ...what, path })
  try {
    const sending = path === undefined ? send(stream, file) : undefined
    const [loaded] = await Promise.all([readLoaded(stream), sending])
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
