import type { Handlers } from '../../../../shared/contract'
import type { Remotes } from './remotes'

export interface RemoteHandlerDeps {
  readonly remotes: Remotes
  /** Asks all engines again, now: one of them may have waited for the answer. */
  readonly retryEngines: () => void
}

/** Not among the actions that Activity records: an answer may be a passphrase. */
export function remoteHandlers({
  remotes,
  retryEngines,
}: RemoteHandlerDeps): Pick<Handlers, `remotes.${string}` & keyof Handlers> {
  return {
    'remotes.answer': ({ question, answer }) => {
      remotes.answer(question, answer)
      retryEngines()
      return null
    },
    'remotes.names': async () => ({ names: await remotes.names() }),
  }
}
