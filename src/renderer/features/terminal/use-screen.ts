import { type RefObject, useEffect, useRef, useState } from 'react'
import type { AppError } from '../../../shared/errors'
import type { SessionId, TerminalEnd } from '../../../shared/model'
import { openStream, useConnection } from '../../api'
import { useScheme } from '../../ui'
import { Attachment } from './attachment'
import { Screen } from './screen'
import { readTheme, toHex } from '../../ui/terminal-theme'
import { setTitle } from './titles'

export type ScreenState =
  | { readonly kind: 'attaching' }
  | { readonly kind: 'live'; readonly droppedBytes: number }
  | { readonly kind: 'ended'; readonly end: TerminalEnd }
  | { readonly kind: 'lost'; readonly error: AppError }

export interface ScreenWishes {
  readonly onPlainLink: (address: string) => void
  readonly onHiddenLink: (address: string) => void
  /** True takes the key from the program. */
  readonly onKey: (event: KeyboardEvent, screen: Screen) => boolean
}

interface Use {
  readonly session: SessionId
  readonly place: RefObject<HTMLElement | null>
  readonly isVisible: boolean
  readonly wishes: ScreenWishes
}

/** A screen for a session, for as long as the component lives. It joins again when core was away. */
export function useScreen({ session, place, isVisible, wishes }: Use): {
  readonly screen: Screen | undefined
  readonly state: ScreenState
} {
  const [screen, setScreen] = useState<Screen>()
  const [state, setState] = useState<ScreenState>({ kind: 'attaching' })
  const latest = useRef(wishes)
  useEffect(() => {
    latest.current = wishes
  })
  const isConnected = useConnection().state === 'connected'
  const attachment = useRef<Attachment | undefined>(undefined)
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const made: Screen = new Screen(
      {
        onInput: (bytes) => attachment.current?.send(bytes),
        onSize: (size) => attachment.current?.send(size),
        onTitle: (title) => setTitle(session, title),
        onPlainLink: (address) => latest.current.onPlainLink(address),
        onHiddenLink: (address) => latest.current.onHiddenLink(address),
        onKey: (event) => latest.current.onKey(event, made),
      },
      { theme: readTheme(), fontFamily: fontOf(element) },
    )
    made.open(element)
    // It needs an element that is drawn already.
    // oxlint-disable-next-line react/set-state-in-effect
    setScreen(made)
    return () => made.dispose()
  }, [place, session])
  useEffect(() => {
    if (!screen || !isConnected) return undefined
    const open = (): ReturnType<typeof openStream<'terminal.attach'>> =>
      openStream('terminal.attach', { session })
    const joined = new Attachment(open, screen, {
      onLive: (droppedBytes) => {
        screen.setReadOnly(false)
        setState({ kind: 'live', droppedBytes })
      },
      onEnd: (end) => {
        screen.setReadOnly(true)
        setState({ kind: 'ended', end })
      },
      onLost: (error) => setState({ kind: 'lost', error }),
    })
    attachment.current = joined
    return () => {
      attachment.current = undefined
      joined.close()
    }
  }, [screen, session, isConnected])
  useLook(screen, isVisible)
  return { screen, state }
}

/** Colours follow the theme; what is hidden costs no GL context. */
function useLook(screen: Screen | undefined, isVisible: boolean): void {
  const scheme = useScheme()
  useEffect(() => {
    screen?.setTheme(readTheme(), { match: tokenHex('--mark'), active: tokenHex('--warn') })
  }, [screen, scheme])
  useEffect(() => {
    screen?.setVisible(isVisible)
    if (isVisible && !isWalkingTabs()) screen?.focus()
  }, [screen, isVisible])
}

/** Arrows go from tab to tab and show each: a terminal that took the focus would end the walk, and eat the next arrow. */
const isWalkingTabs = (): boolean => document.activeElement?.matches('[role="tab"]:focus-visible') === true

const fontOf = (element: HTMLElement): string => getComputedStyle(element).fontFamily || 'monospace'

function tokenHex(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  document.body.append(probe)
  const hex = toHex(getComputedStyle(probe).color)
  probe.remove()
  return /^#[\da-f]{6}$/.test(hex) ? hex : '#e0ab4d'
}
