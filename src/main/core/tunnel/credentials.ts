/** Who we are to a host: keys first, then what only a person can tell. */
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type AuthHandlerMiddleware,
  type ParsedKey,
} from 'ssh2'
import { AppError } from '../../../shared/errors'

/** A key pair that can sign, wherever its private half is: in our memory, in a file, in an agent. */
export interface Identity {
  /** The public half in SSH's wire form. */
  readonly publicKey: Buffer
  /** `hash`: for RSA keys, `sha256` or `sha512`. Throws what keeps it from signing. */
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>
}

export interface Prompt {
  readonly text: string
  /** False: what is typed may be seen. */
  readonly isSecret: boolean
}

export interface Credentials {
  readonly identities: () => Promise<readonly Identity[]>
  /** Throws what must be asked of a person first. */
  readonly password?: () => string | undefined
  readonly prompts?: (asked: {
    readonly instruction: string
    readonly prompts: readonly Prompt[]
  }) => readonly string[]
}

/** An identity from private key text. Throws when it cannot be read: `passphrase` is wrong or missing. */
export function identityOf(privateKey: string, passphrase?: string): Identity {
  const parsed = ssh2.utils.parseKey(privateKey, passphrase)
  if (parsed instanceof Error) throw parsed
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed
  if (!key?.isPrivateKey()) throw new Error('not a private key')
  return {
    publicKey: key.getPublicSSH(),
    sign: (data, hash) => {
      const signature = key.sign(data, hash) as Buffer | Error
      return signature instanceof Error ? Promise.reject(signature) : Promise.resolve(signature)
    },
  }
}

/** ssh2 may leave the options out. */
type SignArgs = [
  key: Buffer | string | ParsedKey,
  data: Buffer,
  options: ssh2.SigningRequestOptions | ssh2.SignCallback,
  callback?: ssh2.SignCallback,
]

/** Hands identities to ssh2, which first asks the host whether it would take a key and then has it sign. */
class KeyRing extends ssh2.BaseAgent<Buffer> {
  constructor(
    private readonly identities: () => Promise<readonly Identity[]>,
    private readonly onFailure: (error: unknown) => void,
  ) {
    super()
  }

  #known: readonly Identity[] = []

  override getIdentities(done: ssh2.IdentityCallback<Buffer>): void {
    this.identities().then(
      (all) => {
        this.#known = all
        done(undefined, all.map(({ publicKey }) => publicLine(publicKey)) as unknown as Buffer[])
      },
      (error: unknown) => {
        this.onFailure(error)
        done(error as Error)
      },
    )
  }

  override sign(...[key, data, options, callback]: SignArgs): void {
    const done = typeof options === 'function' ? options : callback
    const hash = typeof options === 'function' ? undefined : options.hash
    const blob = (key as ParsedKey).getPublicSSH()
    const identity = this.#known.find(({ publicKey }) => publicKey.equals(blob))
    if (!identity) {
      done?.(new Error('unknown key'))
      return
    }
    identity.sign(data, hash).then(
      (signature) => done?.(undefined, signature),
      (error: unknown) => {
        this.onFailure(error)
        done?.(error as Error)
      },
    )
  }
}

/** ssh2 reads public keys as lines of text. */
const publicLine = (blob: Buffer): string =>
  `${blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')} ${blob.toString('base64')}`

export interface AuthSteps {
  readonly next: AuthHandlerMiddleware
  /** Why nothing worked, where more is known than "refused": a passphrase that is missing. */
  failure(): Error | undefined
}

/**
 * The order: nothing (to learn what the host takes), keys, prompts, password. A key that waits for its
 * passphrase does not hold up the others: only when nothing else worked is the person asked.
 */
export function authSteps(user: string, credentials: Credentials, stop: (error: unknown) => void): AuthSteps {
  let waiting: Error | undefined
  const keep = (error: unknown): void => {
    if (error instanceof AppError) waiting ??= error
  }
  const ring = new KeyRing(credentials.identities, keep)
  const steps = (['none', 'agent', 'keyboard-interactive', 'password'] as const).values()
  const methodOf = (type: AuthenticationType): AnyAuthMethod | undefined => {
    if (type === 'none') return { type, username: user }
    if (type === 'agent') return { type, username: user, agent: ring }
    // Before a person is asked for a password the passphrase of a key that the host would take comes first.
    if (waiting) return undefined
    if (type === 'password') return passwordStep(user, credentials, stop)
    return promptStep(user, credentials, stop)
  }
  const next: AuthSteps['next'] = (left, _isPartial, go) => {
    for (const type of steps) {
      if (type !== 'none' && left && !left.includes(type === 'agent' ? 'publickey' : type)) continue
      const method = methodOf(type)
      if (!method) continue
      go(method)
      return
    }
    // ssh2 takes `false` for "nothing left"; its types do not say so.
    go(false as unknown as AnyAuthMethod)
  }
  return { next, failure: () => waiting }
}

function passwordStep(
  user: string,
  { password }: Credentials,
  stop: (error: unknown) => void,
): AnyAuthMethod | undefined {
  try {
    const text = password?.()
    return text === undefined ? undefined : { type: 'password', username: user, password: text }
  } catch (error) {
    stop(error)
    return undefined
  }
}

function promptStep(
  user: string,
  { prompts }: Credentials,
  stop: (error: unknown) => void,
): AnyAuthMethod | undefined {
  if (!prompts) return undefined
  return {
    type: 'keyboard-interactive',
    username: user,
    prompt: (...[, instruction, , asked, finish]) => {
      try {
        const list = asked.map(({ prompt, echo }) => ({ text: prompt, isSecret: echo !== true }))
        finish([...prompts({ instruction, prompts: list })])
      } catch (error) {
        stop(error)
      }
    },
  }
}
