/** A person's problem has a code; anything else is our bug. Nothing is thrown across the wire: errors are data. */

/** Small plain facts that the words on screen may mention: a name, a port, a path. Never a secret. */
export type Facts = Readonly<Record<string, string | number | boolean>>

export const errorCodes = [
  // The engine and the road to it.
  'engine.unreachable', // nothing answers at the address (refused, reset, clean EOF)
  'engine.socket-missing', // ENOENT
  'engine.forbidden', // EACCES / EPERM on the socket: not in the docker group
  'engine.not-responding', // a deadline passed while the engine kept silent
  'engine.too-old', // the engine speaks no API version that we know
  'engine.tls', // certificate or handshake refused
  'engine.bad-answer', // not HTTP, not JSON, or not what the API promises
  'engine.unsupported', // this engine's API version lacks the feature
  'engine.failed', // 5xx with the engine's own words in facts.detail
  'engine.unknown', // no engine with that id
  // What the engine says of a request.
  'object.not-found', // 404
  'object.conflict', // 409: name in use, container running, image in use
  'object.in-use', // 409 on removal
  'request.invalid', // 400: the engine refused the input, facts.detail says why
  'request.unauthorized', // 401 / 403 from the engine
  'registry.unauthorized', // pull or push needs a login
  'registry.not-found', // no such repository or tag
  'registry.unreachable', // DNS, refused, TLS or timeout towards the registry
  'registry.rate-limited', // 429
  'image.damaged', // wrong digest, truncated layer, wrong tar
  'port.in-use', // facts: port, holder
  'port.forbidden', // facts: port: the host keeps it to administrators
  'port.unsupported', // facts: port, protocol: no way leads it into this machine
  'share.refused', // facts: path, reason: guests-own, own-folder, not-absolute, too-long
  'disk.full',
  // Private engine and machines.
  'machine.start-failed', // facts: stage, detail
  'machine.not-ours', // asked to stop an engine that core did not start
  'machine.unknown', // no machine with that id
  'machine.name-taken', // facts: name
  'machine.wrong-state', // facts: name, state: not possible in this state
  'machine.unavailable', // no hypervisor, or it does not work; facts: backend, reason, mend
  'machine.boot-timeout', // facts: stage, seconds: a stage of the start passed its deadline
  'machine.crashed', // the guest's kernel panicked; facts: detail
  'machine.ended', // the hypervisor's process ended by itself; facts: detail
  'machine.frozen', // the hypervisor does not answer; facts: seconds
  'machine.disk-in-use', // another hypervisor holds the data disk; facts: path
  'machine.disk-failed', // making, growing, moving or copying it; facts: path, reason
  'machine.disk-missing', // it was made, and is not where the settings say; facts: path
  'machine.disk-shrink', // facts: fromGiB, toGiB
  'machine.suspend-failed', // facts: detail; the machine goes on
  'machine.guest-failed', // a program of the guest's side; facts: verb, detail
  'machine.daemon-json', // the engine would not start with it; facts: detail
  'machine.image-missing', // no machine image for this computer, and no way to one; facts: arch
  'machine.image-fetch', // facts: url, reason
  'machine.image-build', // facts: detail
  'machine.image-damaged', // wrong signature or checksum; facts: reason
  'machine.name-differs', // what was typed is not the machine's name
  // SSH: the road into machines and to remote hosts.
  'tunnel.unreachable', // facts: name, reason: no SSH connection to the host
  'tunnel.not-responding', // facts: name: a deadline of the login or of a channel passed
  'tunnel.bad-answer', // facts: name, reason: it speaks no SSH, or none that we accept
  'tunnel.auth-failed', // facts: name, reason: the host took none of our keys and answers
  'tunnel.host-key-changed', // facts: name, expected, got (SHA256 fingerprints), path, line
  'tunnel.forbidden', // facts: name, target: the host forbids the way
  'tunnel.refused', // facts: name, target: the host cannot reach it
  'tunnel.busy', // facts: name: all channels that the host allows are in use
  'tunnel.lost', // facts: name, reason: the link ended
  'ssh.unknown-host', // a question; facts: question, name, keyType, fingerprint
  'ssh.needs-answer', // a question; facts: question, name, kind, prompt, isSecret, wasWrong, banner?
  'ssh.key-revoked', // facts: name, fingerprint, path, line
  'ssh.no-engine', // facts: name, tried
  'ssh.config', // facts: path, line, problem
  // Terminals.
  'terminal.no-shell', // the image has no shell that we know
  'terminal.ended',
  'terminal.unknown',
  'terminal.agent-lost', // the agent that held the terminal is gone, and the terminal with it
  // The app's own.
  'settings.read-only',
  'core.gone', // the connection to core ended
  'input.invalid', // refused at the door: facts.path, facts.problem
  'call.unknown', // no such call or stream
  'stream.broken', // the other side broke the stream protocol
  'file.failed', // a path on the host: facts.path, facts.reason
  'reset.incomplete', // facts: count, path, reason: of the first; detail: a line for each
  'cancelled',
  'bug',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export interface WireError {
  readonly code: ErrorCode
  /** One plain English sentence, for logs and the CLI. The window words it from `code` and `facts`. */
  readonly message: string
  readonly facts: Facts
}

/** A problem of the person or of their engine, with a code the window has words for. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly facts: Facts

  constructor(
    readonly code: ErrorCode,
    message: string,
    more: { facts?: Facts; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.facts = more.facts ?? {}
  }

  static fromWire(error: WireError): AppError {
    return new AppError(error.code, error.message, { facts: error.facts })
  }
}

/** What is not an AppError is our bug: its text goes to the log, never to the person. */
export function toWire(thrown: unknown, signal?: AbortSignal): WireError {
  if (signal?.aborted && !(thrown instanceof AppError))
    return { code: 'cancelled', message: 'Cancelled', facts: {} }
  if (thrown instanceof AppError) return { code: thrown.code, message: thrown.message, facts: thrown.facts }
  return { code: 'bug', message: 'Something went wrong inside Slipway', facts: {} }
}

export function isCode(thrown: unknown, ...codes: ErrorCode[]): thrown is AppError {
  return thrown instanceof AppError && codes.includes(thrown.code)
}
