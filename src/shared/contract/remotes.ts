import * as v from 'valibot'
import { call } from './define'
import { none } from './fields'

/**
 * Hosts that are reached by SSH. A login that needs a person fails with its question: `ssh.unknown-host` and
 * `ssh.needs-answer`, as an error of `engines.test` or in the state of an engine that is lost. Its facts say what to
 * show; `facts.question` names it. After the answer the same is asked again.
 */
export const remotes = {
  /**
   * The answer to a question. For `ssh.unknown-host` it is the fingerprint that the person has accepted: another key
   * is refused still. Words are kept in the memory of core alone. All logins that wait are tried again at once.
   */
  'remotes.answer': call(
    v.object({
      question: v.pipe(v.string(), v.minLength(1), v.maxLength(2000)),
      answer: v.pipe(v.string(), v.maxLength(4096)),
    }),
  ).gives<null>(),
  /** Names of hosts in the person's `~/.ssh/config`. */
  'remotes.names': call(none).gives<{ names: string[] }>(),
}
