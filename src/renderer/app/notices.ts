import type { Notice } from '../../shared/model'
import { call, getClient } from '../api'
import { translate } from '../i18n'
import { showToast } from '../store/toasts'
import { navigate } from './hash-location'

/** What an OS notification says, and where a click on it leads. */
export interface Announcement {
  readonly title: string
  readonly body: string
  readonly path: string
}

export function announcementOf(notice: Notice): Announcement {
  const { name } = notice
  const page =
    notice.engine !== undefined && notice.id !== undefined
      ? `/containers/${encodeURIComponent(notice.engine)}/${encodeURIComponent(notice.id)}`
      : '/engine'
  switch (notice.kind) {
    case 'container-died':
      return { title: translate('shell.notice.died', { name }), body: whyDied(notice), path: `${page}/logs` }
    case 'container-unhealthy':
      return { title: translate('shell.notice.unhealthy', { name }), body: '', path: page }
    case 'engine-lost':
      return { title: translate('shell.notice.engineLost', { name }), body: '', path: '/engine' }
    case 'settings-recovered':
      return { title: translate('shell.notice.settingsRecovered'), body: '', path: '/settings' }
  }
}

function whyDied({ facts }: Notice): string {
  if (facts['oomKilled'] === true) return translate('shell.notice.oom')
  const code = facts['exitCode']
  return code === undefined ? '' : translate('shell.notice.diedText', { code: String(code) })
}

/** Shows core's notices through the browser, once the person has allowed it. The desktop shows its own. */
export function startNotices(): () => void {
  return getClient().onPush('notice.raised', (notice) => void announce(notice))
}

async function announce(notice: Notice): Promise<void> {
  // Nobody should learn of this only if they once allowed notifications.
  if (notice.kind === 'settings-recovered') showToast({ tone: 'bad', title: announcementOf(notice).title })
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const info = await call('app.info', {}).catch(() => undefined)
  if (info?.host !== 'serve') return
  const { title, body, path } = announcementOf(notice)
  // The tag keeps two windows of one browser from saying the same thing twice.
  const shown = new Notification(title, {
    body,
    tag: `${notice.kind} ${notice.engine ?? ''} ${notice.id ?? ''}`,
  })
  shown.onclick = () => {
    window.focus()
    navigate(path)
  }
}
