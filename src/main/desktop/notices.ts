import type { Notice } from '../../shared/model'
import { label } from './tray-menu'
import type { TrayWords } from './tray-words'

/** What an OS notification says, and the page that a click opens; without one the window as it is. */
export interface Announcement {
  readonly title: string
  readonly body: string
  readonly path?: string
}

export function announce(notice: Notice, words: TrayWords): Announcement {
  const name = plain(notice.name)
  const page =
    notice.engine && notice.id
      ? `/containers/${encodeURIComponent(notice.engine)}/${encodeURIComponent(notice.id)}`
      : '/engine'
  switch (notice.kind) {
    case 'container-died':
      return { title: words.died(name), body: exitText(notice, words), path: `${page}/logs` }
    case 'container-unhealthy':
      return { title: words.unhealthy(name), body: '', path: `${page}/health` }
    case 'engine-lost':
      return { title: words.engineLost(name), body: '', path: '/engine' }
    case 'settings-recovered':
      return { title: 'Slipway', body: words.settingsRecovered, path: '/settings' }
  }
}

/** A file that was being saved came to no good end. */
export const announceBrokenSave = (name: string, words: TrayWords): Announcement => ({
  title: words.saveBroke(plain(name)),
  body: words.saveAgain,
})

/** `label` doubles `&` for menus; a notification shows text as it is. */
const plain = (name: string): string => label(name).replaceAll('&&', '&')

function exitText(notice: Notice, words: TrayWords): string {
  const code = notice.facts['exitCode']
  return code === undefined ? '' : words.exitCode(String(code))
}
