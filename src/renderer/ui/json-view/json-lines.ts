/** JSON as lines of a tree: what is open, how deep, what matches. Pure. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface JsonLine {
  /** Keys from the root, joined in a way that no key can imitate. */
  readonly path: string
  readonly depth: number
  /** Absent for the root. */
  readonly key?: string | undefined
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'
  /** The value as JSON; for objects and arrays what a closed one shows: `{…} 3`. */
  readonly text: string
  readonly isBranch: boolean
  readonly isOpen: boolean
  readonly isMatch: boolean
}

const separator = '\u0000'
export const rootPath = '$'

export function jsonLines(
  value: JsonValue,
  isOpen: (path: string, depth: number) => boolean,
  query = '',
): readonly JsonLine[] {
  const lines: JsonLine[] = []
  const needle = query.toLowerCase()
  visit(value, { path: rootPath, depth: 0, key: undefined })
  return lines

  function visit(current: JsonValue, at: { path: string; depth: number; key: string | undefined }): void {
    const children = childrenOf(current)
    const open = children !== undefined && isOpen(at.path, at.depth)
    const text = textOf(current)
    const hay = children ? (at.key ?? '') : `${at.key ?? ''} ${text}`
    lines.push({
      ...at,
      kind: kindOf(current),
      text,
      isBranch: children !== undefined && children.length > 0,
      isOpen: open,
      isMatch: needle !== '' && hay.toLowerCase().includes(needle),
    })
    if (!open) return
    for (const [key, child] of children)
      visit(child, { path: at.path + separator + key, depth: at.depth + 1, key })
  }
}

/** The paths of all branches that lead to a match: to be opened so that it shows. */
export function pathsToMatches(value: JsonValue, query: string): ReadonlySet<string> {
  const open = new Set<string>()
  if (query === '') return open
  for (const line of jsonLines(value, () => true, query)) {
    if (!line.isMatch) continue
    const parts = line.path.split(separator)
    for (let end = parts.length - 1; end > 0; end--) open.add(parts.slice(0, end).join(separator))
  }
  return open
}

/** The match after (`1`) or before (`-1`) a line, round the end; where none is, the line itself. */
export function nextMatch(lines: readonly JsonLine[], from: number, step: 1 | -1): number {
  for (let n = 1; n <= lines.length; n++) {
    const at = (from + n * step + lines.length * 2) % lines.length
    if (lines[at]?.isMatch) return at
  }
  return Math.max(0, from)
}

function childrenOf(value: JsonValue): readonly (readonly [string, JsonValue])[] | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item, index) => [String(index), item])
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined
}

function kindOf(value: JsonValue): JsonLine['kind'] {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'object' | 'string' | 'number' | 'boolean'
}

function textOf(value: JsonValue): string {
  const children = childrenOf(value)
  if (!children) return JSON.stringify(value)
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return children.length === 0 ? `${left}${right}` : `${left}…${right} ${children.length}`
}
