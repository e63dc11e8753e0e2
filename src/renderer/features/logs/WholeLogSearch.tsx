import { useEffect, useState, type ReactNode } from 'react'
import { AppError, toWire, type WireError } from '../../../shared/errors'
import type { EngineId, LogMatch, LogSearchItem } from '../../../shared/model'
import { openStream } from '../../api'
import { useT } from '../../i18n'
import { errorWords } from '../../i18n/error-words'
import { formatNumber } from '../../i18n/format'
import { plainText } from './ansi'
import type { LogSettings } from './log-settings'
import { fullLogTime, shortLogTime } from './log-time'
import './whole-log-search.css'

/** Rows of the list are plain elements. */
const shownAtMost = 500
/** Each key press would read the whole log. */
const settleMs = 300

export interface WholeLogSearchProps {
  readonly engine: EngineId
  readonly id: string
  readonly text: string
  readonly settings: LogSettings
  readonly onShow: (match: LogMatch) => void
}

interface Found {
  readonly matches: readonly LogMatch[]
  readonly counts?: LogSearchItem
  readonly error?: WireError
}

/** What the agent finds in the whole log, beyond what is in view. */
export function WholeLogSearch(props: WholeLogSearchProps): ReactNode {
  const { text, settings } = props
  const { isRegex, matchCase, source } = settings
  if (text === '') return null
  // Another question is another search: nothing of the last one stays.
  return <Search key={JSON.stringify([text, isRegex, matchCase, source])} {...props} />
}

function Search(props: WholeLogSearchProps): ReactNode {
  const t = useT()
  const found = useWholeLog(props)
  return (
    <section className="whole-log" aria-label={t('logs.whole.title')}>
      <div className="whole-log__head" role="status">
        <Head {...found} />
      </div>
      {found.matches.length > 0 && (
        <ol className="whole-log__list">
          {found.matches.map((match) => (
            <li key={match.line}>
              <MatchRow match={match} onShow={props.onShow} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Head({ matches, counts, error }: Found): ReactNode {
  const t = useT()
  if (error) {
    const { title, detail } = errorWords(t, error)
    return <span className="whole-log__bad">{detail ?? title}</span>
  }
  if (!counts?.isDone) return t('logs.scanning')
  const { matchingLines, hits, lines } = counts
  return (
    <>
      {t('logs.whole.found', {
        count: matchingLines,
        number: formatNumber(matchingLines),
        hits: formatNumber(hits),
        lines: formatNumber(lines),
      })}
      {matchingLines > matches.length && (
        <span className="dim"> {t('logs.whole.first', { number: formatNumber(matches.length) })}</span>
      )}
    </>
  )
}

interface MatchRowProps {
  readonly match: LogMatch
  readonly onShow: (match: LogMatch) => void
}

function MatchRow({ match, onShow }: MatchRowProps): ReactNode {
  const { text, start, end, time } = match
  return (
    <button type="button" className="whole-log__match" onClick={() => onShow(match)}>
      <time className="log-row__time" dateTime={time} title={fullLogTime(time)}>
        {shortLogTime(time)}
      </time>
      <bdi className="whole-log__text" dir="ltr">
        {plainText(text.slice(0, start))}
        <mark className="log-row__match">{plainText(text.slice(start, end))}</mark>
        {plainText(text.slice(end))}
      </bdi>
    </button>
  )
}

function useWholeLog({ engine, id, text, settings }: WholeLogSearchProps): Found {
  const { isRegex, matchCase, source } = settings
  const [found, setFound] = useState<Found>({ matches: [] })
  useEffect(() => {
    let stop: (() => void) | undefined
    const timer = setTimeout(() => {
      const args = { engine, id, pattern: text, isRegex, matchCase, source, limit: shownAtMost }
      stop = readMatches(args, setFound)
    }, settleMs)
    return () => {
      clearTimeout(timer)
      stop?.()
    }
  }, [engine, id, text, isRegex, matchCase, source])
  return found
}

type SearchArgs = Parameters<typeof openStream<'containers.searchLogs'>>[1]

function readMatches(args: SearchArgs, onFound: (found: Found) => void): () => void {
  const stream = openStream('containers.searchLogs', args)
  let isOn = true
  const read = async (): Promise<void> => {
    let matches: readonly LogMatch[] = []
    try {
      for await (const item of stream) {
        matches = [...matches, ...item.matches]
        if (isOn) onFound({ matches, counts: item })
      }
    } catch (error) {
      if (isOn) onFound({ matches, error: toWire(error instanceof AppError ? error : undefined) })
    }
  }
  void read()
  return () => {
    isOn = false
    stream.cancel()
  }
}
