import type { ITheme } from '@xterm/xterm'
import './terminal-theme.css'

const tokens = {
  background: '--bg',
  foreground: '--text',
  cursor: '--accent',
  cursorAccent: '--bg',
  selectionBackground: '--term-selection',
  scrollbarSliderBackground: '--border',
  scrollbarSliderHoverBackground: '--border-strong',
  scrollbarSliderActiveBackground: '--border-strong',
  overviewRulerBorder: '--border',
  black: '--term-0',
  red: '--term-1',
  green: '--term-2',
  yellow: '--term-3',
  blue: '--term-4',
  magenta: '--term-5',
  cyan: '--term-6',
  white: '--term-7',
  brightBlack: '--term-8',
  brightRed: '--term-9',
  brightGreen: '--term-10',
  brightYellow: '--term-11',
  brightBlue: '--term-12',
  brightMagenta: '--term-13',
  brightCyan: '--term-14',
  brightWhite: '--term-15',
} satisfies Partial<Record<keyof ITheme, string>>

/** The window's colours as a terminal takes them. Read through a real property: only there `light-dark()` is resolved. */
export function readTheme(): ITheme {
  const probe = document.createElement('span')
  document.body.append(probe)
  try {
    const theme: Record<string, string> = {}
    for (const [name, token] of Object.entries(tokens)) {
      probe.style.color = `var(${token})`
      const color = getComputedStyle(probe).color
      if (color.startsWith('rgb')) theme[name] = toHex(color)
    }
    return theme
  } finally {
    probe.remove()
  }
}

/** `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.5)` as `#rrggbb`: search marks take nothing else. */
export function toHex(color: string): string {
  const parts = color.match(/[\d.]+/g)?.slice(0, 3) ?? []
  return `#${parts.map((part) => Math.round(Number(part)).toString(16).padStart(2, '0')).join('')}`
}
