/** The one place where errno, OpenSSH's answers and ssh2's texts become our codes. */
import { AppError, isCode, type ErrorCode } from '../../../shared/errors'

/** What ssh2 adds to an error: where it happened. */
interface SshError extends NodeJS.ErrnoException {
  readonly level?: string
}

/** What went wrong before the link stood. `name` is shown to the person: `user@host:22`. */
export function connectError(thrown: unknown, name: string): AppError {
  if (thrown instanceof AppError) return thrown
  const error = thrown as SshError
  const reason = typeof error?.code === 'string' ? error.code : String(error?.message ?? thrown)
  const code = connectCode(error, reason)
  return new AppError(code, `${name}: ${reason}`, {
    facts: { name, reason: reason.slice(0, 300) },
    cause: thrown,
  })
}

function connectCode({ level, code }: SshError, reason: string): ErrorCode {
  if (level === 'client-authentication' || /too many authentication failures/i.test(reason))
    return 'tunnel.auth-failed'
  if (level === 'client-timeout' || code === 'ETIMEDOUT') return 'tunnel.not-responding'
  // No common algorithm, a broken packet, something that is not SSH at all.
  if (level === 'handshake' || /invalid (identification|packet)|no matching/i.test(reason))
    return 'tunnel.bad-answer'
  return 'tunnel.unreachable'
}

/** A link that stood and ended. */
export function lostError(cause: unknown, name: string): AppError {
  if (isCode(cause, 'tunnel.lost')) return cause
  const reason = cause instanceof Error ? ((cause as SshError).code ?? cause.message) : 'closed'
  return new AppError('tunnel.lost', `The connection to ${name} ended: ${reason}`, {
    facts: { name, reason: String(reason).slice(0, 300) },
    cause,
  })
}

/** RFC 4254, 5.1, and what OpenSSH makes of it: `CONNECT_FAILED` also for a forward that its settings forbid. */
export const openFailure = { prohibited: 1, connectFailed: 2, unknownType: 3, shortage: 4 } as const

/** The far side refused a channel: `what` names what was to be reached. */
export function channelError(thrown: unknown, what: { name: string; target: string }): AppError {
  if (thrown instanceof AppError) return thrown
  const { reason, message } = thrown as { reason?: unknown; message?: unknown }
  const facts = { ...what, reason: String(message ?? thrown).slice(0, 300) }
  if (reason === openFailure.prohibited || reason === openFailure.unknownType)
    return new AppError('tunnel.forbidden', `${what.name} forbids a way to ${what.target}`, {
      facts,
      cause: thrown,
    })
  if (typeof reason === 'number')
    return new AppError('tunnel.refused', `${what.name} cannot reach ${what.target}`, {
      facts,
      cause: thrown,
    })
  return lostError(thrown, what.name)
}
