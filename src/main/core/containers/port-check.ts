import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { Container, PortHolder } from '../../../shared/model'
import { portListener } from './port-holder'

export interface PortQuestion {
  readonly port: number
  readonly hostIp: string
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  /** Of all engines that share the host's ports. */
  readonly containers: readonly Container[]
  /** False for an engine on another host: only its containers can be asked. */
  readonly isOnThisHost: boolean
}

/** How far above the wanted one a free port is looked for. */
const searchWidth = 200

/** Who holds a host port, and the next free one when it is taken. */
export async function checkPort(question: PortQuestion): Promise<PortHolder> {
  const { port } = question
  const holder = port === 0 ? undefined : await holderOf(question)
  if (holder === undefined) return { port, isFree: true, holder: '' }
  const suggestion = await nextFree(question)
  return { port, isFree: false, ...holder, ...(suggestion !== undefined && { suggestion }) }
}

/** An empty holder when it is taken and nobody can tell by whom; `undefined` when it is free. */
async function holderOf(question: PortQuestion): Promise<Pick<PortHolder, 'holder' | 'by'> | undefined> {
  const container = containerAt(question)
  if (container) {
    const { name } = container
    return { holder: `container ${name}`, by: { kind: 'container', name } }
  }
  if (!question.isOnThisHost || (await canBind(question))) return undefined
  const { listener } = await portListener(question.protocol, question.port)
  if (!listener) return { holder: '' }
  const { name, pid } = listener
  return { holder: `process ${name} (pid ${pid})`, by: { kind: 'process', name, pid } }
}

const anywhere = new Set(['', '0.0.0.0', '::'])

function containerAt({ containers, port, protocol, hostIp }: PortQuestion): Container | undefined {
  return containers.find((container) =>
    container.ports.some((p) => {
      const ip = p.hostIp ?? ''
      const meets = ip === hostIp || anywhere.has(ip) || anywhere.has(hostIp)
      return p.hostPort === port && p.protocol === protocol && meets
    }),
  )
}

async function nextFree(question: PortQuestion): Promise<number | undefined> {
  const last = Math.min(65_535, question.port + searchWidth)
  for (let port = question.port + 1; port <= last; port++)
    if ((await holderOf({ ...question, port })) === undefined) return port
  return undefined
}

/** Asks the kernel. A port that only root may take is free to the engine, which is root. */
async function canBind({ port, protocol, hostIp }: PortQuestion): Promise<boolean> {
  if (protocol === 'sctp') return true
  const host = hostIp || '0.0.0.0'
  const errno = await (protocol === 'udp' ? bindUdp(port, host) : bindTcp(port, host))
  return errno !== 'EADDRINUSE'
}

function bindTcp(port: number, host: string): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('')))
  })
}

function bindUdp(port: number, host: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // A server that fails lets its descriptor go by itself; this one keeps it.
      socket.close(() => resolve(error.code ?? 'unknown')),
    )
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve('')))
  })
}
