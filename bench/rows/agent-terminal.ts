import { setTimeout as pause } from 'node:timers/promises'
import { spawn, type IPty } from 'node-pty'
import type { ClientStream } from '../../src/shared/contract'
import type { ContainerId, TerminalInput, TerminalItem } from '../../src/shared/model'
import type { Lab, Row } from '../lab'
import { judge, pairs, percentile, timed, type Result } from '../measure'

const size = { cols: 80, rows: 24 }
const keys = 300
const lineBytes = 24 << 20
const yesBytes = 1 << 20

/** A terminal, however it is reached: bytes up, bytes down. */
interface Terminal {
  write(text: string): void
  /** Resolves when the output since the last call holds the text, or that many bytes came. */
  until(what: string | number): Promise<void>
  close(): Promise<void>
}

/** What has come since it was last asked, and who waits for more. */
class Output {
  #text = ''
  #bytes = 0
  #wake = (): void => undefined

  take(bytes: Uint8Array | string): void {
    this.#bytes += bytes.length
    // A flood is counted; only its end is looked at, and only that is made text: both sides run in this process.
    const end = typeof bytes === 'string' ? bytes.slice(-4096) : Buffer.from(bytes.slice(-4096)).toString()
    this.#text = (this.#text + end).slice(-8192)
    this.#wake()
  }

  async until(what: string | number): Promise<void> {
    while (typeof what === 'number' ? this.#bytes < what : !this.#text.includes(what))
      await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#text = ''
    this.#bytes = 0
  }
}

/** `docker exec -it` in a terminal of this host, as a person's own terminal would run it. */
const peerTerminal = (lab: Lab, id: string): Terminal =>
  terminalOf('docker', ['-H', lab.engine.host, 'exec', '-it', id, 'sh'])

/** A program in a terminal of this host. */
function terminalOf(program: string, args: readonly string[]): Terminal {
  const output = new Output()
  const pty: IPty = spawn(program, [...args], { ...size, encoding: null })
  pty.onData((data) => output.take(data))
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()))
  return {
    write: (text) => pty.write(text),
    until: (what) => output.until(what),
    close: async () => {
      pty.write('\u0003')
      await pause(100)
      pty.write('exit\r')
      await ended
    },
  }
}

/** A terminal of ours: container, agent, core, and the client that a window has. */
async function ourTerminal(lab: Lab, id: ContainerId): Promise<Terminal> {
  const about = { kind: 'container' as const, engine: lab.id, container: id, shell: 'sh', user: '', ...size }
  const { session } = await lab.client.call('terminal.open', about)
  if (session.road?.kind !== 'agent') throw new Error(`not by the agent: ${JSON.stringify(session.road)}`)
  const output = new Output()
  const stream: ClientStream<TerminalItem, TerminalInput> = lab.client.stream('terminal.attach', {
    session: session.id,
  })
  const reading = (async () => {
    for await (const item of stream) if (item instanceof Uint8Array) output.take(item)
  })()
  return {
    write: (text) => void stream.send(Buffer.from(text)),
    until: (what) => output.until(what),
    close: async () => {
      await lab.client.call('terminal.close', { session: session.id })
      await reading
    },
  }
}

/** Milliseconds from a key to its echo, one after the other: what the kernel's terminal itself answers. */
async function echoes(terminal: Terminal): Promise<number[]> {
  terminal.write('stty -icanon min 1; echo qui""et; cat > /dev/null\r')
  await terminal.until('quiet')
  await pause(200)
  const waits: number[] = []
  for (let at = 0; at < keys; at++) {
    waits.push(
      await timed(async () => {
        terminal.write('k')
        await terminal.until(1)
      }),
    )
    await pause(2)
  }
  return waits
}

/** MB/s of a command's output, as it arrives. */
async function flood(terminal: Terminal, command: string, bytes: number): Promise<number> {
  terminal.write('stty -echo; echo qui""et\r')
  await terminal.until('quiet')
  await pause(200)
  terminal.write(`${command}\r`)
  const ms = await timed(() => terminal.until(bytes))
  return bytes / 1e6 / (ms / 1000)
}

async function on<T>(
  terminal: Terminal | Promise<Terminal>,
  work: (one: Terminal) => Promise<T>,
): Promise<T> {
  const opened = await terminal
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** Each line is 80 bytes with the two that end it. Written before: what is measured is the terminal. */
const linesCommand = 'cat /tmp/lines; sleep 1'
/** Each line is a write of its own, as programs write to terminals. */
const yesCommand = `yes | head -c ${yesBytes}; sleep 1`
const writeLines = `yes ${'x'.repeat(78)} | head -c ${lineBytes} > /tmp/lines`

/** Keys, lines and `yes` through a terminal of the agent's, against `docker exec -it` in a terminal of this host. */
export const agentTerminal: Row = {
  name: 'agent-terminal',
  run: async (lab) => {
    await lab.agentPid()
    const id = await container(lab)
    const results = await against(lab, id, { name: 'terminal', open: () => ourTerminal(lab, id) })
    await lab.docker('rm', '-f', id)
    return results
  },
}

/** What nobody can be better than: the same files and programs in a terminal of this host, with nothing between. */
export const terminalFloor: Row = {
  name: 'terminal-floor',
  isByNameOnly: true,
  run: async (lab) => {
    const id = await container(lab)
    const root = await lab.docker('inspect', '-f', '{{.GraphDriver.Data.MergedDir}}', id)
    const open = (): Terminal => terminalOf('chroot', [root.trim(), 'sh'])
    const results = await against(lab, id, { name: 'a bare terminal of this host', open })
    await lab.docker('rm', '-f', id)
    return results
  },
}

async function container(lab: Lab): Promise<ContainerId> {
  const args = ['run', '-d', '--name', 'bench-terminal', '--network', 'none', lab.image, 'sleep', '100000']
  const id = (await lab.docker(...args)).trim() as ContainerId
  await lab.docker('exec', id, 'sh', '-c', writeLines)
  return id
}

interface Side {
  readonly name: string
  readonly open: () => Terminal | Promise<Terminal>
}

async function against(lab: Lab, id: ContainerId, { name, open }: Side): Promise<Result[]> {
  const peer = (): Terminal => peerTerminal(lab, id)
  const p95 = async (one: Terminal | Promise<Terminal>): Promise<number> =>
    percentile(await on(one, echoes), 0.95)
  const echo = await pairs(
    7,
    () => p95(peer()),
    () => p95(open()),
  )
  const rate = (command: string, bytes: number) =>
    pairs(
      5,
      () => on(peer(), (one) => flood(one, command, bytes)),
      () => on(open(), (one) => flood(one, command, bytes)),
    )
  const lines = await rate(linesCommand, lineBytes)
  const yes = await rate(yesCommand, yesBytes)
  const about = 'against docker exec -it'
  return [
    judge({ row: `${name}: a key to its echo, p95, ${about}`, unit: 'ms' }, echo, { atMost: 0.35 }),
    judge({ row: `${name}: lines of 80 bytes, ${about}`, unit: 'MB/s', isRate: true }, lines, {
      atLeast: 3.5,
    }),
    judge({ row: `${name}: yes, ${about}`, unit: 'MB/s', isRate: true }, yes, { atLeast: 8 }),
  ]
}
