import { CaseSensitive, ChevronDown, ChevronUp, Regex, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import { useT } from '../../i18n'
import { formatNumber } from '../../i18n/format'
import { IconButton, isEnterInField, SearchField } from '../../ui'
import type { Find, Found, Screen } from './screen'

export interface ScreenSearchProps {
  readonly screen: Screen
  readonly onClose: () => void
}

/** Search in one terminal, on top of it. Enter goes down, Shift+Enter up, Escape closes. */
export function ScreenSearch({ screen, onClose }: ScreenSearchProps): ReactNode {
  const t = useT()
  const [find, setFind] = useState<Find>({ text: '', isRegex: false, matchCase: false })
  const [found, setFound] = useState<Found>({ index: -1, count: 0 })
  useEffect(() => screen.found.on(setFound), [screen])
  useEffect(() => screen.find(find, 1, true), [screen, find])
  const close = (): void => {
    screen.endFind()
    onClose()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close()
    else if (isEnterInField(event)) screen.find(find, event.shiftKey ? -1 : 1)
  }
  const toggle = (change: Partial<Find>): void => setFind((was) => ({ ...was, ...change }))
  return (
    <div className="term-search" role="search">
      <SearchField
        autoFocus
        label={t('terminal.search')}
        value={find.text}
        onChange={(text) => toggle({ text })}
        onKeyDown={onKeyDown}
        width={180}
      />
      <span className="term-search__count" role="status">
        {find.text !== '' && <Count found={found} />}
      </span>
      <Switches find={find} onChange={toggle} />
      <IconButton
        size="sm"
        label={t('terminal.previous')}
        icon={<ChevronUp aria-hidden="true" />}
        onClick={() => screen.find(find, -1)}
      />
      <IconButton
        size="sm"
        label={t('terminal.next')}
        icon={<ChevronDown aria-hidden="true" />}
        onClick={() => screen.find(find, 1)}
      />
      <IconButton
        size="sm"
        label={t('terminal.closeSearch')}
        icon={<X aria-hidden="true" />}
        onClick={close}
      />
    </div>
  )
}

interface SwitchesProps {
  readonly find: Find
  readonly onChange: (change: Partial<Find>) => void
}

function Switches({ find, onChange }: SwitchesProps): ReactNode {
  const t = useT()
  const one = (key: 'matchCase' | 'isRegex', label: string, icon: ReactNode): ReactNode => (
    <IconButton
      size="sm"
      label={label}
      icon={icon}
      aria-pressed={find[key]}
      className="term-search__switch"
      onClick={() => onChange({ [key]: !find[key] })}
    />
  )
  return (
    <>
      {one('matchCase', t('terminal.matchCase'), <CaseSensitive aria-hidden="true" />)}
      {one('isRegex', t('terminal.regex'), <Regex aria-hidden="true" />)}
    </>
  )
}

function Count({ found }: { readonly found: Found }): string {
  const t = useT()
  if (found.count === 0) return t('terminal.noMatches')
  if (found.index < 0) return formatNumber(found.count)
  return t('terminal.matches', { at: formatNumber(found.index + 1), total: formatNumber(found.count) })
}
