import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DeadlineError } from '../../platform/wait-for'

/** What a script is given and answers: data, never text of a script. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A cmdlet failed. `category` and `id` are the same in every language of Windows; the message is not. */
export class PowerShellError extends Error {
  override readonly name = 'PowerShellError'

  constructor(
    message: string,
    readonly category: string,
    readonly id: string,
  ) {
    super(message)
  }
}

/**
 * Windows PowerShell takes a second to start and two to load its Hyper-V module, so one process answers many
 * requests: a line of JSON in, a line of JSON out. Scripts are constants of ours; whatever a person typed
 * comes beside them as data. Both ways carry ASCII only: the console's code page differs by country.
 */
export const requestLoop = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
while ($null -ne ($line = [Console]::In.ReadLine())) {
  $reply = @{ id = 0 }
  try {
    $request = ConvertFrom-Json -InputObject $line
    $reply.id = $request.id
    $reply.value = & ([ScriptBlock]::Create($request.script)) $request.data
  } catch {
    $reply.error = @{
      message = [string]$_.Exception.Message
      category = [string]$_.CategoryInfo.Category
      id = [string]$_.FullyQualifiedErrorId
    }
  }
  $json = ConvertTo-Json -InputObject $reply -Depth 6 -Compress
  $ascii = [Regex]::Replace($json, '[^ -~]', { param($found) '\\u{0:x4}' -f [int][char]$found.Value })
  [Console]::Out.WriteLine($ascii)
}`

/** Text formats are named, or PowerShell wraps what it writes to a pipe into XML. */
export const powerShellArgs: readonly string[] = [
  ...['-NoLogo', '-NoProfile', '-NonInteractive'],
  ...['-InputFormat', 'Text', '-OutputFormat', 'Text'],
  ...['-Command', requestLoop],
]

export interface PowerShellOptions {
  /** Default: the one of Windows, by its full path, so that no other of that name is taken. */
  readonly command?: string
  readonly env?: NodeJS.ProcessEnv
  /** Without a request for this long the process ends. */
  readonly idleMs?: number
}

interface Request {
  readonly id: number
  readonly resolve: (value: Json) => void
  readonly reject: (reason: Error) => void
}

interface Session {
  readonly child: ChildProcessWithoutNullStreams
  stderr: string
}

const windowsPowerShell = (): string =>
  join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')

/** Runs one script at a time. A script that is cut short takes its process with it: it cannot be asked to stop. */
export class PowerShell {
  #session: Session | undefined
  #current: Request | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined
  #count = 0

  constructor(private readonly options: PowerShellOptions = {}) {}

  /** Throws `PowerShellError`, `DeadlineError`, or the signal's reason. */
  run(
    script: string,
    data: Json,
    { signal, timeoutMs = 60_000 }: { signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<Json> {
    const answer = this.#queue.then(() =>
      this.#ask({ script, data }, { timeoutMs, ...(signal && { signal }) }),
    )
    // What failed must not fail who comes next.
    this.#queue = answer.catch(() => undefined)
    return answer
  }

  close(): void {
    clearTimeout(this.#idle)
    this.#end()
    this.#settle((current) =>
      current.reject(new PowerShellError('PowerShell was closed', 'OperationStopped', 'Ended')),
    )
  }

  #ask(
    request: { script: string; data: Json },
    { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number },
  ): Promise<Json> {
    return new Promise<Json>((resolve, reject) => {
      signal?.throwIfAborted()
      clearTimeout(this.#idle)
      const session = (this.#session ??= this.#start())
      const id = ++this.#count
      const cut = (reason: Error): void => {
        this.#end()
        this.#settle((current) => current.reject(reason))
      }
      const onAbort = (): void => cut(signal?.reason as Error)
      const timer = setTimeout(() => cut(new DeadlineError('PowerShell', timeoutMs)), timeoutMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      const over = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      this.#current = {
        id,
        resolve: (value) => (over(), resolve(value)),
        reject: (reason) => (over(), reject(reason)),
      }
      session.child.stdin.write(asciiJson({ id, ...request }) + '\n')
    })
  }

  #start(): Session {
    const { command = windowsPowerShell(), env } = this.options
    const child = spawn(command, [...powerShellArgs], {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(env && { env }),
    })
    const session: Session = { child, stderr: '' }
    const gone = (text: string): void => {
      if (this.#session !== session) return
      this.#session = undefined
      this.#settle((current) => current.reject(new PowerShellError(text, 'ResourceUnavailable', 'Ended')))
    }
    child.on('error', (error) => gone(`PowerShell cannot be started: ${error.message}`))
    child.on('close', () => gone(session.stderr.trim() || 'PowerShell ended by itself'))
    child.stdin.on('error', () => undefined)
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (session.stderr = (session.stderr + text).slice(-4096)))
    createInterface({ input: child.stdout }).on('line', (line) => this.#answered(line))
    return session
  }

  #answered(line: string): void {
    const reply = readReply(line)
    if (!reply || reply.id !== this.#current?.id) return
    const { error } = reply
    this.#settle((current) => {
      if (error) current.reject(new PowerShellError(error.message, error.category, error.id))
      else current.resolve(reply.value ?? null)
    })
    this.#idle = setTimeout(() => this.#end(), this.options.idleMs ?? 120_000).unref()
  }

  #settle(how: (current: Request) => void): void {
    const current = this.#current
    this.#current = undefined
    if (current) how(current)
  }

  #end(): void {
    const session = this.#session
    this.#session = undefined
    // Its loop ends with its input; one that hangs in a cmdlet does not read it.
    session?.child.stdin.end()
    if (this.#current) session?.child.kill('SIGKILL')
  }
}

interface ReplyLine {
  readonly id: number
  readonly value?: Json
  readonly error?: { readonly message: string; readonly category: string; readonly id: string }
}

/** Anything else on its output is talk of a module, not an answer. */
function readReply(line: string): ReplyLine | undefined {
  try {
    const reply = JSON.parse(line) as Partial<ReplyLine> | null
    return typeof reply?.id === 'number' ? (reply as ReplyLine) : undefined
  } catch {
    return undefined
  }
}

export const asciiJson = (value: Json): string =>
  JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
