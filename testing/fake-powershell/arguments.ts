/** What `powershell.exe -?` of Windows PowerShell 5.1 lists: names may be cut short, `-Command` takes the rest. */
const switches = ['NoLogo', 'NoProfile', 'NonInteractive', 'NoExit', 'Sta', 'Mta']
const withValue: Record<string, readonly string[] | undefined> = {
  InputFormat: ['Text', 'XML'],
  OutputFormat: ['Text', 'XML'],
  ExecutionPolicy: [
    'Bypass',
    'RemoteSigned',
    'AllSigned',
    'Restricted',
    'Unrestricted',
    'Default',
    'Undefined',
  ],
  WindowStyle: ['Normal', 'Minimized', 'Maximized', 'Hidden'],
}

/** The words of a refusal, or nothing. The command itself must be a loop over lines: it is not run here. */
export function checkArguments(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    const name = nameOf(arg)
    if (name === 'Command') return checkLoop(args.slice(at + 1))
    if (name === undefined) return `${arg} : The term '${arg}' is not recognized as the name of a cmdlet.`
    const values = withValue[name]
    if (!values) continue
    const value = args[++at]
    if (!values.some((one) => one.toLowerCase() === value?.toLowerCase()))
      return `Cannot process the command because the value specified with ${arg} is not correct.`
  }
  return 'Nothing to do: -Command is missing.'
}

function nameOf(arg: string): string | undefined {
  const name = arg.slice(1).toLowerCase()
  if (!arg.startsWith('-') || name === '') return undefined
  return [...switches, ...Object.keys(withValue), 'Command'].find((one) => one.toLowerCase().startsWith(name))
}

function checkLoop(rest: readonly string[]): string | undefined {
  const [command = ''] = rest
  if (rest.length !== 1) return 'A command in pieces is joined with spaces: pass one.'
  // Windows passes one line of text: a quote in it must be escaped, which each program reads in its own way.
  if (command.includes('"')) return 'A double quote does not survive the command line.'
  return command.includes('[Console]::In.ReadLine()') ? undefined : 'The command reads no requests.'
}
