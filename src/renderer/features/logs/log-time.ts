import { formatTime } from '../../i18n/format'

const two = (value: number): string => String(value).padStart(2, '0')

/** A line's time in local time, the same width for every line: `11-21 04:35:35.123`. */
export function shortLogTime(rfc3339: string): string {
  const at = new Date(rfc3339)
  if (Number.isNaN(at.getTime())) return ''
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return `${day} ${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

/** Local date and time, and what the engine wrote, to the nanosecond. */
export const fullLogTime = (rfc3339: string): string => {
  const ms = Date.parse(rfc3339)
  return Number.isNaN(ms) ? rfc3339 : `${formatTime(ms, 'full')}\n${rfc3339}`
}
