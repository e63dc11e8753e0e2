import { plainText } from './ansi'
import type { LogRing } from './log-ring'
import type { LogRows } from './log-rows'

/** Rows chosen by a person: from the first touched to the last, by line number. */
export interface LineSelection {
  readonly anchor: number
  readonly head: number
}

export const isSelected = (selection: LineSelection | undefined, seq: number): boolean =>
  selection !== undefined &&
  seq >= Math.min(selection.anchor, selection.head) &&
  seq <= Math.max(selection.anchor, selection.head)

/** The shown lines between two line numbers as text: without colours, with their times where these are on show. */
export function linesAsText(
  source: { readonly ring: LogRing; readonly rows: LogRows },
  selection: LineSelection,
  hasTimes: boolean,
): string {
  const { ring, rows } = source
  const last = Math.max(selection.anchor, selection.head)
  const lines: string[] = []
  for (let i = rows.indexOf(Math.min(selection.anchor, selection.head)); i < rows.length; i++) {
    const seq = rows.seqAt(i) as number
    if (seq > last) break
    const line = ring.line(seq)
    if (!line || line.mark) continue
    lines.push(hasTimes && line.time !== '' ? `${line.time} ${plainText(line.text)}` : plainText(line.text))
  }
  return lines.join('\n')
}
