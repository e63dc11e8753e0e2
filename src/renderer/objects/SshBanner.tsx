import type { ReactNode } from 'react'
import { useT } from '../i18n'
import './ssh-banner.css'

/** What a host shows before a login: its own words, in their own lines. Nothing without any. */
export function SshBanner({ text }: { readonly text: string | undefined }): ReactNode {
  const t = useT()
  if (text === undefined || text === '') return null
  return (
    <figure className="ssh-banner" aria-label={t('objects.ssh.banner')}>
      <figcaption className="faint">{t('objects.ssh.banner')}</figcaption>
      {/* It may be longer than its place: the keyboard scrolls it, too (axe's scrollable-region-focusable). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="ssh-banner__text" dir="auto" tabIndex={0}>
        {text}
      </pre>
    </figure>
  )
}
