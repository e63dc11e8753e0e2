import { readdir, readFile, readlink } from 'node:fs/promises'

export interface Listener {
  readonly pid: number
  readonly name: string
}

/** `TCP_LISTEN`; a bound UDP socket is in state 7. */
const listening: Readonly<Record<string, string>> = { tcp: '0A', udp: '07' }

/**
 * The process on this Linux host that holds a port: its socket's inode from /proc/net, then the process
 * whose open files name it. `isHeld` is true without a `listener` when the process belongs to someone
 * whose files we may not read.
 */
export async function portListener(
  protocol: string,
  port: number,
): Promise<{ isHeld: boolean; listener?: Listener }> {
  const inodes = new Set([
    ...(await inodesOf(`/proc/net/${protocol}`, protocol, port)),
    ...(await inodesOf(`/proc/net/${protocol}6`, protocol, port)),
  ])
  if (inodes.size === 0) return { isHeld: false }
  const listener = await processWith(inodes)
  return { isHeld: true, ...(listener && { listener }) }
}

async function inodesOf(file: string, protocol: string, port: number): Promise<string[]> {
  const table = await readFile(file, 'utf8').catch(() => '')
  return parseSockets(table, listening[protocol] ?? '', port)
}

/** Inodes of the sockets in a /proc/net table that are in this state at this local port. */
export function parseSockets(table: string, state: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const inode = fields[9]
    return fields[1]?.endsWith(`:${hex}`) && fields[3] === state && inode !== undefined ? [inode] : []
  })
}

async function processWith(inodes: ReadonlySet<string>): Promise<Listener | undefined> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (!(await holds(pid, inodes))) continue
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
    return { pid: Number(pid), name: name || '?' }
  }
  return undefined
}

async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}
