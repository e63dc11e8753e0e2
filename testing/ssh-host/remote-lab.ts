import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { Duplex } from 'node:stream'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { isCode, type AppError } from '../../src/shared/errors'
import { Remotes } from '../../src/main/core/machines/ssh/remotes'
import { commandRoad } from '../../src/main/core/tunnel/command-road'
import { agentIdentities } from '../../src/main/core/tunnel/key-agent'
import { readKeyFile } from '../../src/main/core/tunnel/key-file'
import { fingerprint } from '../../src/main/core/tunnel/keys'
import { openLink, tcpRoad } from '../../src/main/core/tunnel/open-link'

/** Someone's home with a `~/.ssh`, and the remote hosts as core sees them from there. */
export interface RemoteHome {
  readonly home: string
  readonly remotes: Remotes
  /** Below `~/.ssh`. */
  write(name: string, text: string): Promise<string>
}

export async function remoteHome(env: Readonly<Record<string, string>> = {}): Promise<RemoteHome> {
  const home = await mkdtemp('/tmp/sl-remote-')
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  const tools = { openLink, tcpRoad, commandRoad, agentIdentities, readKeyFile, fingerprint }
  const remotes = new Remotes({ tools, home, env, systemDir: '/nowhere' })
  onTestFinished(async () => {
    remotes.close()
    await rm(home, { recursive: true, force: true })
  })
  return {
    home,
    remotes,
    write: async (name, text) => {
      const path = join(home, '.ssh', name)
      await writeFile(path, text, { mode: 0o600 })
      return path
    },
  }
}

type Dial = (signal: AbortSignal, lane?: 'bulk') => Promise<Duplex>

/** `GET /_ping` over a fresh road. */
export async function pingOver(dial: Dial, lane?: 'bulk'): Promise<string> {
  const stream = await dial(AbortSignal.timeout(60_000), lane)
  return new Promise((resolve, reject) => {
    const asked = http.get({ path: '/_ping', createConnection: () => stream }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve(text))
    })
    asked.on('error', reject)
  })
}

/** Does it until it works, answering each question that it fails with; gives up when one comes back. */
export async function answering<T>(
  home: RemoteHome,
  work: () => Promise<T>,
  answerTo: (question: AppError) => string | undefined,
): Promise<T> {
  for (let n = 0; n < 10; n++) {
    try {
      return await work()
    } catch (error) {
      if (!isCode(error, 'ssh.unknown-host', 'ssh.needs-answer')) throw error
      const answer = answerTo(error)
      if (answer === undefined) throw error
      home.remotes.answer(String(error.facts['question']), answer)
    }
  }
  throw new Error('questions without an end')
}

/** Says yes to every host, and nothing else. */
export const yes = (question: AppError): string | undefined =>
  isCode(question, 'ssh.unknown-host') ? String(question.facts['fingerprint']) : undefined
