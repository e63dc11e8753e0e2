import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { TerminalSession } from '../../../shared/model'
import { runFeed } from '../../store/feed'

interface SessionList {
  /** Undefined until core told them: not the same as none. */
  readonly sessions: readonly TerminalSession[] | undefined
}

export const sessionListStore = createStore<SessionList>(() => ({ sessions: undefined }))

let users = 0
let stop: (() => void) | undefined

/** All sessions that core keeps. One feed for the window, open while anything shows terminals. */
export function useSessions(): readonly TerminalSession[] | undefined {
  useEffect(() => {
    if (users++ === 0)
      stop = runFeed('terminal.watch', {
        onItem: ({ sessions }) => {
          sessionListStore.setState({ sessions })
          return true
        },
      })
    return () => {
      if (--users > 0) return
      stop?.()
      stop = undefined
    }
  }, [])
  return useStore(sessionListStore, ({ sessions }) => sessions)
}
