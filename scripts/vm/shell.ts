import { spawn } from 'node:child_process'

interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Where the program's own words go while it runs; absent: nowhere. */
  readonly onLine?: (line: string) => void
}

/** Runs a program to its end; answers what it said, throws with its last words when it fails. */
export function runTool(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd && { cwd: options.cwd }),
      env: { ...process.env, LC_ALL: 'C', ...options.env },
    })
    const out: Buffer[] = []
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8')
      said = (said + text).slice(-8000)
      for (const line of text.split('\n')) if (line.trim()) options.onLine?.(line)
    })
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(new Error(cause.code === 'ENOENT' ? `${command} is not installed` : cause.message, { cause })),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString('utf8'))
      reject(
        new Error(`${command} failed (${code ?? 'killed'}): ${said.trim().split('\n').slice(-6).join('\n')}`),
      )
    })
  })
}
