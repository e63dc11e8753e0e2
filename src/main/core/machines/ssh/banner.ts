/** What a host shows before a login (RFC 4252, 5.4), made fit for eyes: a stranger wrote it. */

/** A notice is a page; what is beyond it nobody reads. */
const maxChars = 4000
const maxLines = 60

/** What a terminal would take as commands: colours, cursor moves, window titles, links. */
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -~])/g
/** Control characters but tab and line end, and what turns the order of letters. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g

/** The banner as lines of text, or empty. */
export function readableBanner(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(escapes, '')
    .replace(controls, ' ')
    .split('\n')
    .map((line) => line.trimEnd())
  const whole = lines.join('\n').replace(/^\n+|\n+$/g, '')
  const shown = whole.split('\n').slice(0, maxLines).join('\n').slice(0, maxChars)
  return shown.length < whole.length ? `${shown.trimEnd()}…` : shown
}
