/** The person's SSH agent: its keys sign, and never leave it. */
import ssh2, { type ParsedKey } from 'ssh2'
import type { Identity } from './credentials'

/** A hung agent must not hold up the login with other keys. */
const answerMs = 5_000

/**
 * The keys of the agent behind a socket (a named pipe or `pageant` on Windows). Throws when it is gone or silent.
 */
export async function agentIdentities(path: string): Promise<Identity[]> {
  const agent = ssh2.createAgent(path)
  const keys = await answered<readonly unknown[]>((done) =>
    agent.getIdentities((error, all) => done(error, all)),
  )
  return keys.flatMap((entry) => {
    const key = parsedOf(entry)
    return key ? [agentKey(agent, key)] : []
  })
}

function agentKey(agent: ssh2.BaseAgent, key: ParsedKey): Identity {
  return {
    publicKey: key.getPublicSSH(),
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        // A hardware key waits for a touch, a locked agent for its person: the login's own deadline holds.
        agent.sign(
          key,
          data,
          hash === undefined ? {} : { hash: hash as 'sha256' | 'sha512' },
          (error, signature) => {
            if (signature) resolve(signature)
            else reject(error ?? new Error('the agent did not sign'))
          },
        )
      }),
  }
}

/** Certificates and kinds of key that ssh2 does not know are left out. */
function parsedOf(entry: unknown): ParsedKey | undefined {
  const key = (entry as { pubKey?: unknown }).pubKey ?? entry
  const parsed = ssh2.utils.parseKey(key as Buffer)
  return parsed instanceof Error ? undefined : parsed
}

function answered<T>(ask: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the agent keeps silent')), answerMs)
    ask((error, value) => {
      clearTimeout(timer)
      if (error || value === undefined) reject(error ?? new Error('the agent gave no answer'))
      else resolve(value)
    })
  })
}
