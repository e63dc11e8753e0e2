import { parseArgs } from 'node:util'

export interface ServeOptions {
  readonly host: '127.0.0.1' | '::1'
  /** 0 lets the system choose. */
  readonly port: number
}

export const serveHelp = `slipway serve: the window in a browser, on this machine only

  --port N     listen on this port instead of a free one
  --host H     127.0.0.1 (the default), localhost or ::1; others are refused
  --no-open    accepted for symmetry with npm start: serve never opens a browser itself
  --help       this text
`

/** A mistake on the command line, in words for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const hosts: Readonly<Record<string, ServeOptions['host']>> = {
  '127.0.0.1': '127.0.0.1',
  localhost: '127.0.0.1',
  '::1': '::1',
  '[::1]': '::1',
}

/** Reads the arguments after `serve`. `undefined` means that help was asked for. Throws UsageError. */
export function readServeOptions(args: readonly string[]): ServeOptions | undefined {
  const values = parse(args)
  if (values.help) return undefined
  const asked = values.host ?? '127.0.0.1'
  const host = Object.hasOwn(hosts, asked) ? hosts[asked] : undefined
  if (!host)
    throw new UsageError(
      `--host ${asked} is refused: the window can do anything that Docker can, so it is served on this machine only. Use an SSH tunnel from elsewhere.`,
    )
  const port = values.port ?? '0'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError(`--port ${port} is no port`)
  return { host, port: Number(port) }
}

function parse(args: readonly string[]): { port?: string; host?: string; help?: boolean } {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
