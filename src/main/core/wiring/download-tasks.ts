import { downloadWords, type Names } from '../../../shared/commands'
import type { DownloadOptions } from '../api/downloads'
import type { Activity } from '../history/activity'

/** Puts downloads into Activity, those that stand there. */
export const downloadTasks =
  (activity: Activity, names: Names): NonNullable<DownloadOptions['taskFor']> =>
  (asked) => {
    const words = downloadWords(asked, names)
    const spec = words && { ...words, engine: asked.engine, canCancel: true }
    return spec && ((work) => void activity.start(spec, work))
  }
