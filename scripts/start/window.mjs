// Which window the app gets: decided from facts, so that it can be tested.

/**
 * @typedef {object} Facts
 * @property {boolean} wantsBrowser `--browser`
 * @property {boolean} wantsOpen false with `--no-open`
 * @property {boolean} hasDisplay
 * @property {boolean} hasElectron its binary is here
 * @property {string | undefined} electronFault why it would not start all the same
 * @property {boolean} canDownload no download failed within the last day
 * @property {string | undefined} browser path of a Chromium or Chrome
 */

/**
 * The window to open, and why. `download` asks to fetch Electron first and to decide again.
 * @param {Facts} facts
 * @returns {{ kind: 'electron' | 'download' | 'browser' | 'address', why: string, hasFault?: boolean }} hasFault:
 * Electron would have been it
 */
export function chooseWindow(facts) {
  if (!facts.wantsOpen) return { kind: 'address', why: 'as --no-open was given' }
  if (!facts.hasDisplay) return { kind: 'address', why: 'as there is no display here' }
  if (!facts.wantsBrowser && facts.hasElectron && !facts.electronFault)
    return { kind: 'electron', why: 'as its binary is installed' }
  if (!facts.wantsBrowser && !facts.hasElectron && facts.canDownload)
    return { kind: 'download', why: 'as its binary is not here yet' }
  const why = whyNotElectron(facts)
  const hasFault = !facts.wantsBrowser && facts.electronFault !== undefined
  if (facts.browser) return { kind: 'browser', why, hasFault }
  return { kind: 'address', why: `${why} and no Chromium or Chrome is installed`, hasFault }
}

/** @param {Facts} facts */
function whyNotElectron({ wantsBrowser, electronFault }) {
  if (wantsBrowser) return 'as --browser was given'
  return electronFault ? `as Electron cannot start, ${electronFault}` : 'as Electron could not be downloaded'
}

/** An app that ends by itself this early has not been seen by anybody. */
const earlyMs = 5000

/**
 * True when Electron died before it was of use, so that another window takes its place.
 * @param {{ code: number | null, isAsked: boolean, ms: number }} end a code of null is a signal's
 */
export const diedEarly = ({ code, isAsked, ms }) => !isAsked && code !== 0 && ms < earlyMs

/**
 * Whether a window can be shown at all.
 * @param {string} platform
 * @param {Record<string, string | undefined>} env
 */
export const hasDisplay = (platform, env) =>
  platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])

/**
 * The command line of an app window. The address, which holds the token, is not in it: arguments can be
 * read by everybody on the host. It stands in a file that only this person can read.
 * @param {{ page: string, profile: string, isRoot: boolean }} window
 */
export const browserArgs = ({ page, profile, isRoot }) => [
  `--app=${page}`,
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1280,820',
  // Chromium refuses to run as root with its sandbox.
  ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
]

/**
 * A page that goes on to an address at once.
 * @param {string} address
 */
export const redirectPage = (address) => `<!doctype html><meta charset="utf-8"><title>Slipway</title>
<script>location.replace(${JSON.stringify(address).replace(/</g, '\\u003c')})</script>
`

/** The address in the first lines of `serve`: `http://127.0.0.1:PORT/#…`. @param {string} text */
export const addressIn = (text) => /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+\/\S*/.exec(text)?.[0]
