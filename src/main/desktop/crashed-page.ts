import type { WebContents } from 'electron'
import { backoffMs } from '../../shared/std/backoff'
import { log } from '../core/platform/log'

/** A page that lives this long is well: its next crash is a new story, not a loop. */
const healthyMs = 30_000

/**
 * A crashed page leaves an empty window that no click mends: it is loaded again, at where it was, with growing pauses
 * while it goes on crashing.
 */
export function reloadCrashed(contents: WebContents): void {
  let crashes = 0
  let loadedMs = Date.now()
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    log.error('window', 'The page crashed and is loaded again', { reason })
    crashes = Date.now() - loadedMs > healthyMs ? 0 : crashes + 1
    setTimeout(
      () => {
        if (contents.isDestroyed()) return
        loadedMs = Date.now()
        contents.reload()
      },
      backoffMs(crashes, { minMs: 250, maxMs: 15_000 }),
    )
  })
}
