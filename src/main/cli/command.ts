import type { Client } from '../../shared/contract'

/** Where a command reads and writes beside its answer. */
export interface CliIo {
  /** A line on standard output, at once. */
  readonly say: (text: string) => void
  /** A line on standard error: what went wrong, and steps of what takes long. */
  readonly complain: (text: string) => void
  /** Asks at the terminal. `undefined`: there is nobody to ask. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** For commands that hand the terminal over. */
  readonly terminal: CliTerminal
  /** Ends with Ctrl-C. */
  readonly signal: AbortSignal
}

export interface CliTerminal {
  /** Bytes as they are, with nothing added. Waiting for it is what slows the source. */
  write(bytes: Uint8Array): Promise<void>
  /** Keystrokes as they come; the terminal's own line editing is off until the returned undo. */
  onInput(listener: (bytes: Uint8Array) => void): () => void
  onResize(listener: (size: TerminalSize) => void): () => void
  readonly size: TerminalSize
  readonly isInteractive: boolean
}

export interface TerminalSize {
  readonly cols: number
  readonly rows: number
}

export interface Request {
  readonly client: Client
  /** What follows the command's name, without options. */
  readonly words: readonly string[]
  readonly options: Options
  readonly io: CliIo
}

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export interface Answer {
  /** For people. Empty: nothing is printed. */
  readonly text: string
  /** For programs, with `--json`. Absent: `{}`. */
  readonly data?: unknown
  /** Default 0. */
  readonly exitCode?: number
}

export interface OptionShape {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  readonly short?: string
}

export interface Command {
  /** At least and at most so many words. */
  readonly words: readonly [least: number, most: number]
  readonly options?: Readonly<Record<string, OptionShape>>
  /** Everything after the first word is somebody else's command line: no option in it is ours. */
  readonly passesOn?: boolean
  /** Shown by `--help`. */
  readonly help: string
  run(request: Request): Promise<Answer>
}

/** Commands by name; a group holds its own. */
export interface CommandGroup {
  readonly help: string
  readonly commands: Readonly<Record<string, Command>>
}
