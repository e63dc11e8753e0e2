import { CaseSensitive, ChevronDown, ChevronUp, ListFilter, Regex, TextSearch } from 'lucide-react'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { type Translate, useT } from '../../i18n'
import { formatNumber } from '../../i18n/format'
import { IconButton, isEnterInField, SearchField } from '../../ui'
import type { LogSearch } from './log-search'
import type { LogSettings } from './log-settings'

export interface LogSearchBarProps {
  readonly search: LogSearch
  readonly text: string
  readonly onText: (text: string) => void
  readonly settings: LogSettings
  readonly onSettings: (change: Partial<LogSettings>) => void
  readonly isMatchesOnly: boolean
  readonly onMatchesOnly: (on: boolean) => void
  readonly current: number | undefined
  /** The whole log can be searched. */
  readonly hasWhole: boolean
  readonly onStep: (by: 1 | -1) => void
  readonly field: RefObject<HTMLInputElement | null>
}

export function LogSearchBar(props: LogSearchBarProps): ReactNode {
  const t = useT()
  const { search, field, text, current, isMatchesOnly } = props
  const hasMatches = search.matches.length > 0
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isEnterInField(event)) return
    event.preventDefault()
    props.onStep(event.shiftKey ? -1 : 1)
  }
  return (
    <div className="log-search" role="search">
      <SearchField
        ref={field}
        label={t('logs.search')}
        value={text}
        onChange={props.onText}
        onKeyDown={onKeyDown}
        // One button more must not push the toolbar into a second line.
        width={props.hasWhole ? 160 : 200}
      />
      <Kinds {...props} />
      <IconButton
        label={t('logs.previous')}
        icon={<ChevronUp aria-hidden="true" />}
        disabled={!hasMatches}
        onClick={() => props.onStep(-1)}
      />
      <IconButton
        label={t('logs.next')}
        icon={<ChevronDown aria-hidden="true" />}
        disabled={!hasMatches}
        onClick={() => props.onStep(1)}
      />
      <IconButton
        label={t('logs.matchesOnly')}
        icon={<ListFilter aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={isMatchesOnly}
        onClick={() => props.onMatchesOnly(!isMatchesOnly)}
      />
      <span className="log-search__count" role="status">
        {text !== '' && countWords(t, search, current)}
      </span>
    </div>
  )
}

/** How the text is understood, and where it is looked for. */
function Kinds({ settings, onSettings, hasWhole }: LogSearchBarProps): ReactNode {
  const t = useT()
  return (
    <>
      <IconButton
        label={t('logs.matchCase')}
        icon={<CaseSensitive aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={settings.matchCase}
        onClick={() => onSettings({ matchCase: !settings.matchCase })}
      />
      <IconButton
        label={t('logs.regex')}
        icon={<Regex aria-hidden="true" />}
        className="log-view__switch"
        aria-pressed={settings.isRegex}
        onClick={() => onSettings({ isRegex: !settings.isRegex })}
      />
      {hasWhole && (
        <IconButton
          label={t('logs.whole.switch')}
          icon={<TextSearch aria-hidden="true" />}
          className="log-view__switch"
          aria-pressed={settings.isWhole}
          onClick={() => onSettings({ isWhole: !settings.isWhole })}
        />
      )}
    </>
  )
}

function countWords(t: Translate, search: LogSearch, current: number | undefined): string {
  if (search.problem) return ''
  const total = search.matches.length
  if (total === 0) return search.isScanning ? t('logs.scanning') : t('logs.noMatch')
  const number = formatNumber(total)
  if (current === undefined || !search.matches.has(current))
    return t('logs.countOnly', { count: total, number })
  return t('logs.count', { at: formatNumber(search.matches.firstAtOrAfter(current) + 1), total: number })
}

/** What is wrong with the search, in words. */
export function problemWords(t: Translate, search: LogSearch): string | undefined {
  switch (search.problem?.kind) {
    case undefined:
      return undefined
    case 'bad-pattern':
      return t('logs.badPattern', { detail: search.problem.detail })
    case 'too-slow':
      return t('logs.tooSlow')
    case 'failed':
      return t('logs.searchFailed')
  }
}
