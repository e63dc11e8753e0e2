// Where a Chromium or one of its sisters is: for the app's window, for the specs and for pictures.
import { readFileSync, statSync } from 'node:fs'
import { which } from './install.mjs'

/** The names and places under which they are installed, best first. */
const places = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', '/snap/bin/chromium'],
  ...['microsoft-edge', 'brave-browser'],
]
const macPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
]
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

/** @param {string} platform @param {Record<string, string | undefined>} env */
function placesOn(platform, env) {
  if (platform === 'darwin') return [...macPlaces, ...places]
  if (platform !== 'win32') return places
  const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter(Boolean)
  return windowsPrograms.flatMap((program) => folders.map((folder) => `${folder}\\${program}`))
}

/** Scripts are small; a browser itself is not read. */
const scriptBytes = 65_536

/** @param {string} path */
function readScript(path) {
  try {
    return statSync(path).size > scriptBytes ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The path of a browser: the one that SLIPWAY_CHROMIUM names, else one that is installed.
 * @returns {string | undefined}
 */
export function findBrowser(
  host = {
    ...{ platform: process.platform, env: process.env, readScript },
    find: (/** @type {string} */ program) => which(program),
  },
) {
  const named = host.env['SLIPWAY_CHROMIUM']
  if (named) return named
  const hasSnap = host.find('/snap/bin/chromium') !== undefined
  return placesOn(host.platform, host.env)
    .map((place) => host.find(place))
    .find((path) => {
      // Ubuntu's package is a script that asks for the snap.
      const isStub = path !== undefined && !hasSnap && host.readScript(path).includes('/snap/bin/chromium')
      return path !== undefined && !isStub
    })
}

/** For who needs one and has none. */
export const noBrowser =
  'No Chromium or Chrome was found. On Debian: apt-get install chromium. On Ubuntu, whose apt has none: ' +
  'install google-chrome-stable from https://www.google.com/chrome, or snap install chromium. ' +
  'SLIPWAY_CHROMIUM names one elsewhere.'

/** A browser, or an error that says how to get one. @returns {string} */
export function needBrowser() {
  const path = findBrowser()
  if (path === undefined) throw new Error(noBrowser)
  return path
}
