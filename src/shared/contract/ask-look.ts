import type { Look } from '../model/look'
import type { Client } from '.'

/** A page waits no longer for its colours than a person would not notice much. */
const limitMs = 1000

/** Theme and language of core's settings; the system's when core does not tell soon. Never rejects. */
export async function askLook(client: Client | undefined): Promise<Look> {
  try {
    if (client) return await client.call('settings.get', {}, AbortSignal.timeout(limitMs))
  } catch {
    // Core is starting or gone: the window itself asks again, and says what is wrong.
  }
  return { theme: 'system', language: 'system' }
}
