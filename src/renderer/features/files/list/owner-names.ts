export type NamesById = ReadonlyMap<number, string>

/** What stands in /etc/passwd and /etc/group alike: `name:password:id:…`. The first name of an id counts. */
export function namesById(text: string): NamesById {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name, , digits] = line.split(':')
    // A number may have no leading sign, space or letter; a comment's line has no third field that is one.
    if (!name || digits === undefined || !/^\d{1,10}$/.test(digits)) continue
    const id = Number(digits)
    if (!names.has(id)) names.set(id, name)
  }
  return names
}
