import * as v from 'valibot'

const number = v.pipe(v.number(), v.integer())
const stateSchema = v.object({
  x: v.optional(number),
  y: v.optional(number),
  width: number,
  height: number,
  isMaximized: v.optional(v.boolean(), false),
})

/** Where the window stood, in screen pixels. */
export type WindowState = v.InferOutput<typeof stateSchema>

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const firstState: WindowState = { width: 1280, height: 800, isMaximized: false }
export const minimumSize = { width: 720, height: 480 }

/**
 * The remembered state, fitted to the screens that are there now: a window must never open on a monitor
 * that was unplugged. Anything unreadable gives the first state.
 */
export function restoreState(text: string | undefined, workAreas: readonly Rectangle[]): WindowState {
  const state = read(text)
  const { x, y } = state
  const area = workAreas.find((one) => x !== undefined && y !== undefined && shows(one, { ...state, x, y }))
  const width = Math.max(
    minimumSize.width,
    Math.min(state.width, (area ?? workAreas[0])?.width ?? state.width),
  )
  const height = Math.max(
    minimumSize.height,
    Math.min(state.height, (area ?? workAreas[0])?.height ?? state.height),
  )
  const size = { width, height, isMaximized: state.isMaximized }
  return area && x !== undefined && y !== undefined ? { ...size, x, y } : size
}

function read(text: string | undefined): WindowState {
  if (text === undefined) return firstState
  try {
    const parsed = v.safeParse(stateSchema, JSON.parse(text))
    return parsed.success ? parsed.output : firstState
  } catch {
    return firstState
  }
}

/** Enough of the title bar to grab: 100 by 30 pixels on this screen. */
function shows(area: Rectangle, window: Rectangle): boolean {
  const across = Math.min(area.x + area.width, window.x + window.width) - Math.max(area.x, window.x)
  return across >= 100 && window.y >= area.y && window.y <= area.y + area.height - 30
}
