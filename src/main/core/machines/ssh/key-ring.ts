/** The keys to offer to a host, in an order that a server with few patience takes: those that were named first. */
import { readFile } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors'
import { log } from '../../platform/log'
import type { Answers, Question } from './answers'
import type { Hop } from './host-plan'
import type { Identity, KeyFile, SshTools } from './ssh-tools'

export interface KeyRingDeps {
  readonly tools: SshTools
  readonly answers: Answers
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What was found out on the way, for the words of a refusal. */
export interface KeyFacts {
  isAgentGone: boolean
  count: number
}

/** OpenSSH's own agent on Windows. */
const windowsAgent = '\\\\.\\pipe\\openssh-ssh-agent'

/** Opened once: to open a key takes a second of hashing by its own design. Lives as long as its host. */
export type OpenedKeys = Map<string, Identity>

export async function identitiesFor(
  hop: Hop,
  deps: KeyRingDeps & { readonly opened: OpenedKeys },
  facts: KeyFacts,
): Promise<Identity[]> {
  const inAgent = await agentKeys(hop, deps, facts)
  const named: Identity[] = []
  for (const path of hop.identityFiles) {
    const key = await fromFile(path, deps)
    // The agent signs without asking for a passphrase.
    const held = key && inAgent.find(({ publicKey }) => publicKey.equals(key.publicKey))
    if (key) named.push(held ?? key)
  }
  const others = inAgent.filter((key) => !named.includes(key))
  const all = [...named, ...(hop.identitiesOnly ? [] : others)]
  facts.count = all.length
  return all
}

async function agentKeys(
  hop: Hop,
  { tools, env }: KeyRingDeps,
  facts: KeyFacts,
): Promise<readonly Identity[]> {
  const usual = env['SSH_AUTH_SOCK'] ?? (process.platform === 'win32' ? windowsAgent : undefined)
  const path = hop.identityAgent ?? usual
  if (!path || path === 'none') return []
  try {
    return await tools.agentIdentities(path)
  } catch (error) {
    facts.isAgentGone = env['SSH_AUTH_SOCK'] !== undefined || hop.identityAgent !== undefined
    log.info('ssh', 'the agent does not answer', { path, error })
    return []
  }
}

async function fromFile(
  path: string,
  deps: KeyRingDeps & { readonly opened: OpenedKeys },
): Promise<Identity | undefined> {
  const text = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined)
  const publicText = await text(`${path}.pub`)
  const privateText = await text(path)
  const key = privateText === undefined ? undefined : deps.tools.readKeyFile(privateText, publicText)
  // A `.pub` alone, or named itself, means the key of that name in the agent.
  if (!key || privateText === undefined) return agentOnly(publicText ?? privateText)
  const asked: Question = {
    question: `passphrase:${path}`,
    name: path,
    kind: 'passphrase',
    prompt: path,
    isSecret: true,
  }
  const open = (): Identity => {
    const known = deps.opened.get(privateText)
    if (known) return known
    const identity = key.isEncrypted ? unlocked(key, deps.answers, asked) : key.open()
    deps.opened.set(privateText, identity)
    return identity
  }
  const { publicKey } = key.publicKey ? { publicKey: key.publicKey } : open()
  return { publicKey, sign: async (data, hash) => open().sign(data, hash) }
}

function unlocked(key: KeyFile, answers: Answers, asked: Question): Identity {
  const passphrase = answers.need(asked)
  try {
    const identity = key.open(passphrase)
    answers.right(asked.question)
    return identity
  } catch {
    throw answers.wrong(asked)
  }
}

function agentOnly(publicText: string | undefined): Identity | undefined {
  const [type, base64] = publicText?.trim().split(/\s+/) ?? []
  if (!type || !base64 || !/^[a-z0-9@.-]+$/i.test(type)) return undefined
  const publicKey = Buffer.from(base64, 'base64')
  if (publicKey.length < 8) return undefined
  return {
    publicKey,
    sign: () => Promise.reject(new AppError('tunnel.auth-failed', 'The private half of the key is not here')),
  }
}
