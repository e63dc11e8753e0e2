import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { run } from '../../src/main/core/platform/child'

export interface Listener {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly pid: number
}

/** What these processes listen on, as `ss` of this host sees it. */
export async function listenersOf(pids: readonly number[]): Promise<Listener[]> {
  const lists = await Promise.all((['tcp', 'udp'] as const).map((protocol) => listeners(protocol)))
  return lists.flat().filter(({ pid }) => pids.includes(pid))
}

async function listeners(protocol: 'tcp' | 'udp'): Promise<Listener[]> {
  const { code, stdout, stderr } = await run('ss', [protocol === 'tcp' ? '-ltnpH' : '-lunpH'])
  if (code !== 0) throw new Error(`ss: ${stderr}`)
  return stdout.split('\n').flatMap((line) => {
    const [, local = ''] = /^\S+\s+\d+\s+\d+\s+(\S+)/.exec(line) ?? []
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? []
    const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid))
    return pids.map((pid) => ({ protocol, address, port: Number(port), pid }))
  })
}

/** One datagram there and what comes back; `undefined` when nothing does for a second. */
export function askUdp(port: number, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (answer: string | undefined): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end(undefined), 1000)
    socket.once('message', (bytes) => end(bytes.toString()))
    socket.once('error', () => end(undefined))
    socket.send(text, port, '127.0.0.1')
  })
}

/** Whether a TCP port of this host takes a connection. */
export function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? end(false) : reject(error),
    )
  })
}
