/** How a stretch of text looks. Absent means the default. A colour is a palette index (0 to 255) or `#rrggbb`. */
export interface Style {
  readonly fg?: Color
  readonly bg?: Color
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  readonly strike?: boolean
  readonly inverse?: boolean
}
export type Color = number | string

/** A line that sets more than this in one sequence is not meant for reading. */
const maxParams = 64

type Flag = 'bold' | 'dim' | 'italic' | 'underline' | 'strike' | 'inverse'

// ECMA-48 8.3.117. Blink (5, 6) and conceal (8) are left out: a log must not hide or flash its text.
const sets = new Map<number, Flag>([
  [1, 'bold'],
  [2, 'dim'],
  [3, 'italic'],
  [4, 'underline'],
  [7, 'inverse'],
  [9, 'strike'],
  [21, 'underline'],
])
const clears = new Map<number, readonly Flag[]>([
  [22, ['bold', 'dim']],
  [23, ['italic']],
  [24, ['underline']],
  [27, ['inverse']],
  [29, ['strike']],
])

/** Applies the parameters of one SGR sequence (`1;31`, `38;5;208`, `38:2::1:2:3`) to a style. */
export function applySgr(style: Style, params: string): Style {
  const numbers = params.split(';', maxParams)
  let next: Style = style
  for (let i = 0; i < numbers.length; i++) {
    const param = numbers[i] as string
    const code = param === '' ? 0 : Number.parseInt(param, 10)
    if (code === 38 || code === 48) {
      const found = param.includes(':') ? fromColons(param) : fromSemicolons(numbers, i)
      i += found.used
      if (found.color !== undefined) next = { ...next, [code === 38 ? 'fg' : 'bg']: found.color }
    } else next = applyCode(next, code, param)
  }
  return next
}

function applyCode(style: Style, code: number, param: string): Style {
  if (code === 0) return {}
  if (param === '4:0') return without(style, ['underline'])
  const flag = sets.get(code)
  if (flag) return { ...style, [flag]: true }
  const cleared = clears.get(code)
  if (cleared) return without(style, cleared)
  return applyColor(style, code)
}

function applyColor(style: Style, code: number): Style {
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 }
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 }
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 }
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 }
  if (code === 39) return without(style, ['fg'])
  if (code === 49) return without(style, ['bg'])
  return style
}

function without(style: Style, names: readonly (keyof Style)[]): Style {
  const next = { ...style }
  for (const name of names) delete next[name]
  return next
}

interface FoundColor {
  readonly color?: Color
  /** Further parameters that belong to the colour. */
  readonly used: number
}

function fromSemicolons(numbers: readonly string[], at: number): FoundColor {
  if (numbers[at + 1] === '5') return { ...palette(numbers[at + 2]), used: 2 }
  if (numbers[at + 1] === '2') return { ...rgb(numbers.slice(at + 2, at + 5)), used: 4 }
  return { used: 1 }
}

/** `38:5:n`, `38:2:r:g:b`, or with the colour space that ISO 8613-6 asks for, `38:2::r:g:b`. */
function fromColons(param: string): FoundColor {
  const parts = param.split(':', 8)
  if (parts[1] === '5') return { ...palette(parts[2]), used: 0 }
  if (parts[1] === '2') return { ...rgb(parts.slice(parts.length > 5 ? 3 : 2).slice(0, 3)), used: 0 }
  return { used: 0 }
}

const byte = (text: string | undefined): number | undefined => {
  const value = Number.parseInt(text ?? '', 10)
  return value >= 0 && value <= 255 ? value : undefined
}

function palette(text: string | undefined): { color?: Color } {
  const color = byte(text)
  return color === undefined ? {} : { color }
}

function rgb(texts: readonly string[]): { color?: Color } {
  const values = texts.map(byte)
  if (values.length < 3 || values.includes(undefined)) return {}
  return { color: `#${values.map((value) => (value ?? 0).toString(16).padStart(2, '0')).join('')}` }
}

/** A palette index above 15 as CSS: the 6x6x6 cube and the grey ramp of xterm. The first 16 are the theme's. */
export function paletteColor(index: number): string {
  if (index < 16) return `var(--log-ansi-${index})`
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40)
  const cube = index - 16
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`
}
