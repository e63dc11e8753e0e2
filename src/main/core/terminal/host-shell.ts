import { accessSync, constants } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { isAbsolute } from 'node:path'
import { spawn, type IPty } from 'node-pty'
import { AppError } from '../../../shared/errors'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import type { Shell, ShellListener, Size } from './session'

export interface HostShellOptions {
  /** An absolute path; empty is the person's login shell. */
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
  readonly size: Size
}

/** A shell that was hung up saves its history; one that ignores the hangup is killed after this. */
const hangUpLimitMs = 2000

/** The program that `shell` means. Throws `terminal.no-shell`. */
export function hostShellPath(shell: string): string {
  const wanted = shell ? [shell] : [loginShell(), process.env.SHELL ?? '', '/bin/bash', '/bin/sh']
  const found = wanted.find((path) => isAbsolute(path) && canRun(path))
  if (found !== undefined) return found
  throw new AppError('terminal.no-shell', `${shell || 'A shell'} cannot be run on this host`, {
    facts: { shell },
  })
}

function loginShell(): string {
  try {
    return userInfo().shell ?? ''
  } catch {
    // A user id without an entry in passwd.
    return ''
  }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A login shell on this host, on a terminal of its own. */
export class HostShell implements Shell {
  readonly #pty: IPty
  readonly #ended: Promise<void>
  #isOver = false

  constructor({ shell, env, size }: HostShellOptions) {
    this.#pty = spawn(shell, ['-l'], {
      ...size,
      name: 'xterm-256color',
      cwd: homedir(),
      env: { ...env },
      encoding: null,
    })
    this.#ended = new Promise((resolve) =>
      this.#pty.onExit(() => {
        this.#isOver = true
        resolve()
      }),
    )
  }

  listen(listener: ShellListener): void {
    // Typed as text, but bytes they are: without an encoding node-pty hands on what it read.
    this.#pty.onData((data) => listener.onData(data as unknown as Buffer))
    this.#pty.onExit(({ exitCode, signal }) => listener.onEnd({ exitCode: signal ? 128 + signal : exitCode }))
  }

  write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOver) this.#pty.write(Buffer.from(bytes))
    return Promise.resolve()
  }

  resize({ cols, rows }: Size): void {
    if (this.#isOver) return
    try {
      this.#pty.resize(cols, rows)
    } catch (error) {
      // It ended, and we have not been told yet.
      log.debug('terminal', 'resize failed', { error: String(error) })
    }
  }

  pause(): void {
    this.#pty.pause()
  }

  resume(): void {
    this.#pty.resume()
  }

  async kill(): Promise<void> {
    this.#pty.resume()
    for (const signal of ['SIGHUP', 'SIGKILL'] as const) {
      if (this.#isOver) return
      log.info('terminal', 'ending a host shell', { pid: this.#pty.pid, signal })
      this.#send(signal)
      await Promise.race([this.#ended, pause(hangUpLimitMs)])
    }
  }

  #send(signal: NodeJS.Signals): void {
    try {
      this.#pty.kill(signal)
    } catch {
      // It was quicker.
    }
  }
}
