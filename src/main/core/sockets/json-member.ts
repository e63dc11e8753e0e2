/**
 * Sets or takes away one text member of a JSON object and leaves every other byte as it was: the file is the
 * person's, with their order, their indentation and keys that we know nothing of.
 */

interface Member {
  readonly key: string
  /** Of the key's opening quote. */
  readonly start: number
  readonly valueStart: number
  /** After the value. */
  readonly end: number
}

/** Answers the new text. Throws `SyntaxError` when the text is no JSON object. */
export function withMember(text: string, key: string, value: string): string {
  const members = membersOf(text)
  const found = members.find((member) => member.key === key)
  if (found) return text.slice(0, found.valueStart) + JSON.stringify(value) + text.slice(found.end)
  const member = `${JSON.stringify(key)}: ${JSON.stringify(value)}`
  const last = members.at(-1)
  const open = text.indexOf('{') + 1
  if (!last) return `${text.slice(0, open)}\n\t${member}\n${text.slice(text.lastIndexOf('}'))}`
  // As the first member is set off from its brace, so is ours from the one before it.
  const gap = text.slice(open, (members[0] as Member).start)
  return `${text.slice(0, last.end)},${gap}${member}${text.slice(last.end)}`
}

/** Undoes `withMember`, also where the member stands first or between others. */
export function withoutMember(text: string, key: string): string {
  const members = membersOf(text)
  const index = members.findIndex((member) => member.key === key)
  const found = members[index]
  if (!found) return text
  const before = members[index - 1]
  const after = members[index + 1]
  if (before) return text.slice(0, before.end) + text.slice(found.end)
  if (after) return text.slice(0, found.start) + text.slice(after.start)
  return `${text.slice(0, text.indexOf('{') + 1)}${text.slice(text.lastIndexOf('}'))}`
}

/** The value of a top-level text member. */
export function memberOf(text: string, key: string): string | undefined {
  const value = parsed(text)[key]
  return typeof value === 'string' ? value : undefined
}

function parsed(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('not an object')
  return value as Record<string, unknown>
}

function membersOf(text: string): Member[] {
  parsed(text)
  const members: Member[] = []
  let at = text.indexOf('{') + 1
  for (;;) {
    const start = text.slice(at).search(/["}]/) + at
    if (text[start] === '}') return members
    const keyEnd = endOfString(text, start)
    const colon = text.indexOf(':', keyEnd) + 1
    const valueStart = colon + text.slice(colon).search(/\S/)
    const end = endOfValue(text, valueStart)
    members.push({ key: JSON.parse(text.slice(start, keyEnd)) as string, start, valueStart, end })
    at = end
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at + 1
  }
}

/** Of text that is known to be JSON. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string
    if (char === '"') at = endOfString(text, at) - 1
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (depth > 0 || !/[,\s]/.test(char)) continue
    else return at
    if (depth === 0 && /["}\]]/.test(char)) return at + 1
    if (depth < 0) return at
  }
  return text.length
}
