/** What the builder's wrapping hides: `RUN …` rather than `/bin/sh -c …`. */
export function shortCommand(command: string): string {
  const bare = command
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^\/bin\/sh -c /, 'RUN ')
    .replace(/\s+# buildkit$/, '')
    // The builder prints its own structure here.
    .replace(
      /^HEALTHCHECK &\{\["(CMD(?:-SHELL)?)" ?(.*?)\] .*$/s,
      (_all, _kind, words: string) => `HEALTHCHECK CMD ${words.replaceAll('"', '')}`,
    )
    .replace(/\s+/g, ' ')
  return bare.length > 300 ? `${bare.slice(0, 300)}…` : bare
}
