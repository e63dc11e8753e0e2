/** How a person picks rows: plain functions over the keys in screen order. */
export interface Pick {
  readonly keys: readonly string[]
  readonly selection: ReadonlySet<string>
  /** Where a range begins: the last row that was picked without Shift. */
  readonly anchor: string | undefined
}

export const only = (key: string): ReadonlySet<string> => new Set([key])

export function toggled(selection: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selection)
  if (!next.delete(key)) next.add(key)
  return next
}

/** From the anchor to `key`, both included, in either direction. Without an anchor: just `key`. */
export function range(pick: Pick, key: string): ReadonlySet<string> {
  const from = pick.anchor === undefined ? -1 : pick.keys.indexOf(pick.anchor)
  const to = pick.keys.indexOf(key)
  if (from < 0 || to < 0) return only(key)
  return new Set(pick.keys.slice(Math.min(from, to), Math.max(from, to) + 1))
}

export function clicked(
  pick: Pick,
  key: string,
  keys: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean },
): ReadonlySet<string> {
  if (keys.shiftKey) return range(pick, key)
  return keys.ctrlKey || keys.metaKey ? toggled(pick.selection, key) : only(key)
}
