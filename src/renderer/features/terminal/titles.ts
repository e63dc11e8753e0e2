import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { SessionId, TerminalSession } from '../../../shared/model'

const maxTitleChars = 80

/** What programs call their terminals (OSC 0 and 2). */
export const titlesStore = createStore<{ readonly bySession: ReadonlyMap<SessionId, string> }>(() => ({
  bySession: new Map(),
}))

export function setTitle(session: SessionId, title: string): void {
  const text = plainTitle(title)
  titlesStore.setState(({ bySession }) => {
    const next = new Map(bySession)
    if (text === '') next.delete(session)
    else next.set(session, text)
    return { bySession: next }
  })
}

/** A program's words on our tab: one short line of text, in its own order of reading. */
export function plainTitle(title: string): string {
  const text = title
    .slice(0, maxTitleChars * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const chars = [...text]
  return chars.length > maxTitleChars ? `${chars.slice(0, maxTitleChars - 1).join('')}…` : text
}

export const useTitles = (): ReadonlyMap<SessionId, string> =>
  useStore(titlesStore, ({ bySession }) => bySession)

export const titleOf = (session: TerminalSession, titles: ReadonlyMap<SessionId, string>): string =>
  titles.get(session.id) ?? session.title
