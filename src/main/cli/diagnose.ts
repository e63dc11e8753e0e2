import type { Check } from '../../shared/model'
import type { Command } from './command'
import { printableLines, table } from './table'

/** So that a script can tell it from a command that failed. */
const isBrokenCode = 3

export const diagnose: Command = {
  words: [0, 0],
  options: { report: { type: 'boolean' } },
  help: `slipway diagnose [--report] [--json]: looks at engines, machines and this computer, the worst first;
ends with 3 when something is broken, with 1 when no Slipway runs that could look

  --report   prints it with facts and the ends of the logs, as a text to give away; what looks like a secret is masked
`,
  run: async ({ client, options }) => {
    if (options['report'] === true) {
      const { text } = await client.call('diagnostics.report', {})
      return { text: printableLines(text), data: { text } }
    }
    const diagnosis = await client.call('diagnostics.run', {})
    const isBroken = diagnosis.checks.some(({ state }) => state === 'bad')
    return {
      text: table([['STATE', 'CHECK', 'FOUND'], ...diagnosis.checks.map(row)]),
      data: diagnosis,
      exitCode: isBroken ? isBrokenCode : 0,
    }
  },
}

const row = ({ state, name, message, mend }: Check): string[] => [
  state,
  name,
  mend === undefined ? message : `${message}; to mend it: ${mend}`,
]
