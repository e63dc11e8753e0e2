/** Patterns of ssh_config(5) and of known_hosts: `*`, `?`, and `!` for what is not meant. */

/** Whether one of the patterns matches and none that begins with `!` does. Letters' case does not count. */
export function matchesAny(text: string, patterns: readonly string[]): boolean {
  let isMatch = false
  for (const pattern of patterns) {
    const isNot = pattern.startsWith('!')
    if (!matches(text.toLowerCase(), (isNot ? pattern.slice(1) : pattern).toLowerCase())) continue
    if (isNot) return false
    isMatch = true
  }
  return isMatch
}

/** Without a regular expression: patterns come from files, and some of them would take one for ever. */
function matches(text: string, pattern: string): boolean {
  let [at, from] = [0, 0]
  let [star, retry] = [-1, 0]
  while (at < text.length) {
    if (
      from < pattern.length &&
      (pattern[from] === '?' || pattern[from] === text[at]) &&
      pattern[from] !== '*'
    ) {
      at++
      from++
    } else if (pattern[from] === '*') {
      star = from++
      retry = at
    } else if (star >= 0) {
      from = star + 1
      at = ++retry
    } else return false
  }
  while (pattern[from] === '*') from++
  return from === pattern.length
}
