/** Connects to a host through those on the way. What only a person knows is asked by failing with the question. */
import { AppError, isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import type { Answers, Question } from './answers'
import { readableBanner } from './banner'
import { identitiesFor, type KeyFacts, type KeyRingDeps, type OpenedKeys } from './key-ring'
import { knownHost, placeName, rememberHost, verdictOn, type KnownHost } from './known-hosts'
import type { Hop } from './host-plan'
import type { LoginTarget, SshLink, SshTools } from './ssh-tools'

export interface LoginDeps extends KeyRingDeps {
  readonly opened: OpenedKeys
}

/** Throws codes of `tunnel.*`, or `ssh.unknown-host` and `ssh.needs-answer`, whose facts are the question. */
export async function loginThrough(
  hops: readonly Hop[],
  deps: LoginDeps,
  signal: AbortSignal,
): Promise<SshLink> {
  const links: SshLink[] = []
  try {
    for (const hop of hops) links.push(await login(hop, { ...deps, before: links.at(-1) }, signal))
  } catch (error) {
    for (const link of links) link.close()
    throw error
  }
  const last = links.pop() as SshLink
  last.onClosed(() => links.forEach((link) => link.close()))
  return last
}

async function login(
  hop: Hop,
  deps: LoginDeps & { readonly before: SshLink | undefined },
  signal: AbortSignal,
): Promise<SshLink> {
  const known = await knownHost(hop.knownHostsFiles, hop.keyPlace)
  const check = new HostCheck(hop, known, deps)
  const words = new Words(hop, deps.answers)
  const facts: KeyFacts = { isAgentGone: false, count: 0 }
  let banner = ''
  const target: LoginTarget = {
    name: hop.name,
    user: hop.user,
    road: roadTo(hop, deps),
    verifyHostKey: (key) => check.look(key),
    knownKeyTypes: known.keys.map(({ type }) => type),
    credentials: {
      identities: () => identitiesFor(hop, deps, facts),
      password: () => words.password(),
      prompts: ({ prompts }) => prompts.map((prompt) => words.prompt(prompt)),
    },
    onBanner: (text) => (banner = readableBanner(text)),
    ...(hop.connectMs !== undefined && { limits: { connectMs: hop.connectMs } }),
  }
  try {
    const link = await deps.tools.openLink(target, signal)
    words.wereRight()
    return link
  } catch (error) {
    throw withBanner(isCode(error, 'tunnel.auth-failed') ? words.refused(error, facts) : error, banner)
  } finally {
    await check.remember()
  }
}

/** Who is asked for a password reads first what the host has to say about its use. */
function withBanner(error: unknown, banner: string): unknown {
  if (!isCode(error, 'ssh.needs-answer') || banner === '') return error
  const { code, message, facts, cause } = error
  return new AppError(code, message, { facts: { ...facts, banner }, cause })
}

function roadTo(
  hop: Hop,
  { tools, before }: { tools: SshTools; before: SshLink | undefined },
): LoginTarget['road'] {
  if (before) return (signal) => before.dialTcp(hop.host, hop.port, signal)
  return hop.proxyCommand === undefined
    ? tools.tcpRoad(hop.host, hop.port)
    : tools.commandRoad(hop.proxyCommand)
}

interface SeenKey {
  readonly type: string
  readonly blob: Buffer
}

/** The host's key against what is known, and against the person's yes to just this key. */
class HostCheck {
  #accepted: SeenKey | undefined

  constructor(
    private readonly hop: Hop,
    private readonly known: KnownHost,
    private readonly deps: { readonly tools: SshTools; readonly answers: Answers },
  ) {}

  get #question(): string {
    return `host-key:${placeName(this.hop.keyPlace)}`
  }

  look(key: SeenKey): void {
    const { tools, answers } = this.deps
    const { name } = this.hop
    const got = tools.fingerprint(key.blob)
    const verdict = verdictOn(this.known, key.blob)
    if (verdict.kind === 'known') return
    if (verdict.kind === 'revoked') {
      const { path, line } = verdict.entry
      const facts = { name, fingerprint: got, path, line }
      throw new AppError('ssh.key-revoked', `The key ${got} of ${name} was revoked`, { facts })
    }
    if (verdict.kind === 'changed') throw this.#changed(verdict.expected, got)
    if (answers.get(this.#question) !== got) {
      const facts = { question: this.#question, name, keyType: key.type, fingerprint: got }
      throw new AppError('ssh.unknown-host', `${name} shows the unknown key ${got}`, { facts })
    }
    this.#accepted = key
  }

  #changed(expected: { blob: Buffer; path: string; line: number }, got: string): AppError {
    const { hop } = this
    const place = placeName(hop.keyPlace)
    const facts = {
      name: hop.name,
      expected: this.deps.tools.fingerprint(expected.blob),
      got,
      path: expected.path,
      line: expected.line,
      command: `ssh-keygen -R ${shellWord(place)} -f ${shellWord(expected.path)}`,
    }
    const text = `${hop.name} shows the key ${got} in place of ${facts.expected}`
    return new AppError('tunnel.host-key-changed', text, { facts })
  }

  /** Written when the person has said yes, whether the login then went well or not. */
  async remember(): Promise<void> {
    const { hop } = this
    const [path] = hop.knownHostsFiles
    if (!this.#accepted || path === undefined) return
    try {
      await rememberHost(path, { ...hop.keyPlace, isHashed: hop.isHashed }, this.#accepted)
      this.deps.answers.forget(this.#question)
    } catch (error) {
      // A home that cannot be written: the yes holds until core ends.
      log.warn('ssh', 'the host is not remembered', { name: hop.name, error })
    }
  }
}

const shellWord = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/** The words that a person told for one login: kept when they were right and serve again, dropped when not. */
class Words {
  readonly #used = new Map<string, Question>()

  constructor(
    private readonly hop: Hop,
    private readonly answers: Answers,
  ) {}

  password(): string {
    return this.#need({
      question: `password:${this.hop.name}`,
      name: this.hop.name,
      kind: 'password',
      prompt: 'Password',
      isSecret: true,
    })
  }

  /** Many servers ask for the password by a prompt: it is the same question then, and asked once. */
  prompt({ text, isSecret }: { text: string; isSecret: boolean }): string {
    if (isSecret && /^(\([^)]*\)\s*)?password[^\w]*$/i.test(text.trim())) return this.password()
    const { name } = this.hop
    return this.#need({ question: `prompt:${name}:${text}`, name, kind: 'prompt', prompt: text, isSecret })
  }

  wereRight(): void {
    for (const { question, kind } of this.#used.values()) {
      this.answers.right(question)
      // A code that counts once would be wrong the next time.
      if (kind === 'prompt') this.answers.forget(question)
    }
  }

  /** After a refusal: asked again, when words were told; else what is known of the keys. */
  refused(error: AppError, keys: KeyFacts): AppError {
    const [first, ...others] = this.#used.values()
    for (const { question } of others) this.answers.forget(question)
    if (first) return this.answers.wrong(first)
    const facts = { ...error.facts, keys: keys.count, ...(keys.isAgentGone && { agent: 'gone' }) }
    return new AppError(error.code, error.message, { facts, cause: error })
  }

  #need(asked: Question): string {
    this.#used.set(asked.question, asked)
    try {
      return this.answers.need(asked)
    } catch (error) {
      this.#used.delete(asked.question)
      throw error
    }
  }
}
