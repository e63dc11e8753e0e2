import type { Item, StreamName } from '../../shared/contract'
import { backoffMs } from '../../shared/std/backoff'
import { connectionStore, getClient } from '../api/connection'

export interface Feed<T> {
  /** Takes one item in. False: something was missed, open the feed anew for a fresh beginning. */
  readonly onItem: (item: T) => boolean
  readonly onLost?: () => void
}

/** Feeds that take no arguments and go on as long as the window. */
type FeedName = 'inventory.watch' | 'activity.watch' | 'terminal.watch' | 'machines.watch' | 'agents.watch'

const retry = { minMs: 100, maxMs: 5000 }

/**
 * Keeps a feed open for the window's life: opened when core is there, opened anew after it ended,
 * whyever it ended. Returns what stops it.
 */
export function runFeed<N extends FeedName & StreamName>(name: N, feed: Feed<Item<N>>): () => void {
  let isOn = true
  let cancel: (() => void) | undefined
  void keep()
  return () => {
    isOn = false
    cancel?.()
  }

  async function keep(): Promise<void> {
    for (let failures = 0; isOn; failures++) {
      await connected()
      if (await readOnce()) failures = -1
      if (!isOn) return
      feed.onLost?.()
      await new Promise((resolve) => setTimeout(resolve, backoffMs(Math.max(0, failures), retry)))
    }
  }

  /** True when at least one item came. */
  async function readOnce(): Promise<boolean> {
    let hasRead = false
    try {
      const stream = getClient().stream(name, {} as never)
      cancel = () => stream.cancel()
      for await (const item of stream) {
        if (!isOn || !feed.onItem(item)) break
        hasRead = true
      }
    } catch {
      // Whatever ended it, the answer is the same: open it anew. The connection's own state tells the person.
    }
    return hasRead
  }
}

/** Resolves when there is a connection. */
function connected(): Promise<void> {
  return new Promise((resolve) => {
    if (connectionStore.getState().state === 'connected') return resolve()
    const forget = connectionStore.subscribe((connection) => {
      if (connection.state !== 'connected') return
      forget()
      resolve()
    })
  })
}
