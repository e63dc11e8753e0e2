import { run } from '../core/platform/child'

/** An answer takes milliseconds; who closes a window does not wait longer for it. */
const askLimitMs = 1500

const watcher = 'org.kde.StatusNotifierWatcher'
const path = '/StatusNotifierWatcher'
const property = 'IsStatusNotifierHostRegistered'
const get = 'org.freedesktop.DBus.Properties.Get'

/** The same question to the session's bus, by each of the programs of which a desktop has one. */
const questions: readonly (readonly [program: string, ...args: string[]])[] = [
  [
    'gdbus',
    'call',
    '--session',
    '--dest',
    watcher,
    '--object-path',
    path,
    '--method',
    get,
    watcher,
    property,
  ],
  ['busctl', '--user', 'get-property', watcher, path, watcher, property],
  [
    ...(['dbus-send', '--session', '--print-reply', `--dest=${watcher}`, path, get] as const),
    ...[`string:${watcher}`, `string:${property}`],
  ],
]

/**
 * Whether a tray's icon is seen: Electron makes one also where no desktop shows it, such as a GNOME without its
 * extension. What cannot be asked shows none.
 */
export async function hasTrayHost(platform: string, ask = run): Promise<boolean> {
  if (platform !== 'linux') return true
  for (const [program, ...args] of questions) {
    // One that is not installed leaves the question to the next.
    const answer = await ask(program, args, { timeoutMs: askLimitMs }).catch(() => undefined)
    if (answer) return answer.code === 0 && /\btrue\b/.test(answer.stdout)
  }
  return false
}
