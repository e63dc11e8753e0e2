import { clientOverPort } from '../../shared/contract/message-port-transport'
import { joinOrStartCore } from '../core/core'
import { log } from '../core/platform/log'

/**
 * Core's own process in the desktop app. Each `client` message brings the port of one client; `stop`
 * ends what core started, then the process.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: Electron.MessagePortMain[] }) => void): void
  postMessage(message: unknown): void
}
const parent = (process as unknown as { parentPort: ParentPort }).parentPort

const core = joinOrStartCore({ host: 'desktop' })
// A joined core that ended: this process ends too, and the shell starts one that takes its place.
core
  .then((joined) => joined.onGone(() => process.exit(1)))
  .catch((error: unknown) => {
    log.error('core', 'Core did not start', { error: String(error) })
    process.exit(1)
  })

/** How often a core that is ending says that it lives: the shell ends one that has been silent for long. */
const beatMs = 3000

parent.on('message', ({ data, ports }) => {
  const kind = (data as { kind?: unknown } | null)?.kind
  if (kind === 'client' && ports[0]) void accept(ports[0])
  if (kind === 'stop') void stop()
})

async function accept(port: Electron.MessagePortMain): Promise<void> {
  ;(await core).accept(clientOverPort(port))
}

async function stop(): Promise<void> {
  setInterval(() => parent.postMessage({ kind: 'ending' }), beatMs)
  await (
    await core
  )
    .close()
    .catch((error: unknown) => log.error('core', 'Core did not end cleanly', { error: String(error) }))
  process.exit(0)
}
