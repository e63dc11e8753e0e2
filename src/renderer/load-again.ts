import { backoffMs } from '../shared/std/backoff'

const waits = { minMs: 100, maxMs: 2000 }
const tries = 8

/**
 * Tries again for about ten seconds, then rejects with the last failure. Chromium breaks off what it is
 * loading whenever a network interface of the host comes or goes (`net::ERR_NETWORK_CHANGED`), loopback
 * included, and Docker makes and removes bridges all the time. An `import()` that failed is fetched
 * anew by Chromium when it is asked for again.
 */
export async function loadAgain<T>(load: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < tries - 1; attempt++) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, waits)))
    }
  }
  return load()
}
