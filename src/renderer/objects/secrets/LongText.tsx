import { useState, type ReactNode } from 'react'
import { useT } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import './secrets.css'

/** More than this is not read at a glance, and 100 kB of one label would make the page crawl. */
const shownChars = 400

/** Text of any length and any direction; a long one is cut until asked for. */
export function LongText({ text }: { readonly text: string }): ReactNode {
  const t = useT()
  const [isWhole, setWhole] = useState(false)
  if (text.length <= shownChars) return <bdi className="long-text">{text}</bdi>
  return (
    <>
      <bdi className="long-text">{isWhole ? text : `${text.slice(0, shownChars)}…`}</bdi>{' '}
      <button type="button" className="link-button" onClick={() => setWhole(!isWhole)}>
        {isWhole
          ? t('containers.inspect.showLess')
          : t('containers.inspect.showAll', { size: formatBytes(text.length) })}
      </button>
    </>
  )
}
