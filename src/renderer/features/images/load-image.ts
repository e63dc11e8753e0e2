import type { EngineId } from '../../../shared/model'
import { afterSending, answerOf, openStream, pathOf, sendFile } from '../../api'
import { translate } from '../../i18n'
import { toWire } from '../../../shared/errors'
import { showError, showToast } from '../../store/toasts'
import { chooseFile } from '../../ui'

/**
 * Loads a tar into the engine: core reads it where it lies, or it is sent as fast as core takes it. Progress and
 * cancel are in the task list.
 */
export async function loadImage(engine: EngineId, file: File): Promise<void> {
  const path = pathOf(file)
  const what = { engine, name: file.name, sizeBytes: file.size }
  const stream = openStream('images.load', path === undefined ? what : { ...what, path })
  try {
    const loading = answerOf(stream)
    const send = async (signal: AbortSignal): Promise<void> => {
      await sendFile(stream, file, signal)
      await stream.send({ end: true })
    }
    const { references } = path === undefined ? await afterSending(stream, loading, send) : await loading
    showToast({ tone: 'ok', title: translate('images.loadTask.done', { names: references.join(', ') }) })
  } catch (error) {
    const wire = toWire(error)
    if (wire.code !== 'cancelled') showError(wire, translate('images.loadTask.title', { name: file.name }))
  } finally {
    stream.cancel()
  }
}

/** Asks for the tar first. */
export const chooseImageFile = (engine: EngineId): void =>
  chooseFile((file) => void loadImage(engine, file), '.tar,.gz,.tgz,.xz,.zst')
