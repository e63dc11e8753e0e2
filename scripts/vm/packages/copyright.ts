/**
 * The short names of the licences that a Debian copyright file gives, in the order in which they come: the
 * machine-readable form (copyright-format 1.0) has them, the older free form does not.
 */
export function licencesIn(copyright: string): string {
  if (!/^Format:.*copyright-format/m.test(copyright)) return 'see copyright'
  const names = copyright.split('\n').flatMap((line) => {
    const name = /^License:[ \t]*(\S.*)$/.exec(line)?.[1]?.trim()
    return name ? [name] : []
  })
  return [...new Set(names)].join(', ') || 'see copyright'
}
