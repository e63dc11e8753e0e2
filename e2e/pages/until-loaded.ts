/**
 * Loads the window's page. Chromium breaks off what it loads when an interface of the host comes or goes, as
 * those of containers do: whoever sits before it loads the page again.
 */
export async function untilLoaded(load: () => Promise<unknown>): Promise<void> {
  for (;;)
    try {
      await load()
      return
    } catch (error) {
      if (!String(error).includes('net::ERR_NETWORK_CHANGED')) throw error
    }
}
