/** What remote hosts need of the tunnel, which is a stranger to them: core hands it over. */
import type { Duplex } from 'node:stream'

export interface SshLink {
  readonly name: string
  readonly banner: string
  readonly isClosed: boolean
  dialUnix(path: string, signal: AbortSignal): Promise<Duplex>
  dialTcp(host: string, port: number, signal: AbortSignal): Promise<Duplex>
  run(
    command: { readonly argv: readonly string[]; readonly timeoutMs?: number },
    signal: AbortSignal,
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  pipe(argv: readonly string[], onWords: (text: string) => void, signal: AbortSignal): Promise<Duplex>
  shell(
    what: { readonly size: { cols: number; rows: number }; readonly argv?: readonly string[] },
    signal: AbortSignal,
  ): Promise<SshShell>
  onClosed(listener: (reason: Error | undefined) => void): () => void
  close(): void
}

export interface SshShell {
  readonly stream: Duplex
  resize(size: { cols: number; rows: number }): void
  readonly exit: Promise<number | null>
}

export interface Identity {
  readonly publicKey: Buffer
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>
}

export interface LoginTarget {
  readonly name: string
  readonly user: string
  readonly road: (signal: AbortSignal) => Promise<Duplex>
  readonly verifyHostKey: (key: { readonly type: string; readonly blob: Buffer }) => void
  readonly knownKeyTypes?: readonly string[]
  readonly credentials: {
    readonly identities: () => Promise<readonly Identity[]>
    readonly password?: () => string | undefined
    readonly prompts?: (asked: {
      readonly instruction: string
      readonly prompts: readonly { readonly text: string; readonly isSecret: boolean }[]
    }) => readonly string[]
  }
  readonly onBanner?: (text: string) => void
  readonly limits?: {
    readonly connectMs?: number
    readonly loginMs?: number
    readonly channelMs?: number
    readonly silenceMs?: number
  }
}

export interface KeyFile {
  readonly publicKey?: Buffer
  readonly isEncrypted: boolean
  open(passphrase?: string): Identity
}

export interface SshTools {
  openLink(target: LoginTarget, signal: AbortSignal): Promise<SshLink>
  tcpRoad(host: string, port: number): (signal: AbortSignal) => Promise<Duplex>
  commandRoad(command: string): (signal: AbortSignal) => Promise<Duplex>
  readKeyFile(text: string, publicText?: string): KeyFile | undefined
  agentIdentities(path: string): Promise<readonly Identity[]>
  fingerprint(blob: Buffer): string
}
