import { isIPv4 } from 'node:net'
import { AppError } from '../../../../shared/errors'
import type { ForwardRule } from '../vm/backend'
import { netName } from './qemu-args'
import type { Qmp, QmpLimits } from './qmp'

/** What QEMU offers only in the words of its human monitor: the forwards of its user network. */

const command = (qmp: Qmp, line: string, limits: QmpLimits): Promise<string> =>
  qmp.execute<string>('human-monitor-command', { 'command-line': line }, limits)

/** Throws `port.in-use`. */
export async function addForward(qmp: Qmp, rule: ForwardRule, limits: QmpLimits): Promise<void> {
  const said = (
    await command(qmp, `hostfwd_add ${netName} ${hostSide(rule)}-:${whole(rule.guestPort)}`, limits)
  ).trim()
  if (said === '') return
  throw new AppError('port.in-use', `QEMU cannot listen on port ${rule.port}: ${said}`, {
    facts: { port: rule.port, detail: said.slice(0, 200) },
  })
}

export async function removeForward(
  qmp: Qmp,
  rule: Omit<ForwardRule, 'guestPort'>,
  limits: QmpLimits,
): Promise<void> {
  await command(qmp, `hostfwd_remove ${netName} ${hostSide(rule)}`, limits)
}

export async function listForwards(qmp: Qmp, limits: QmpLimits): Promise<ForwardRule[]> {
  return readUserNet(await command(qmp, 'info usernet', limits))
}

/** Lines like `  TCP[HOST_FORWARD]  12       127.0.0.1 20022       10.0.2.15    22     0     0`. */
export function readUserNet(text: string): ForwardRule[] {
  const line = /^\s*(TCP|UDP)\[HOST_FORWARD\]\s+\S+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)/
  return text.split(/\r?\n/).flatMap((each) => {
    const [, protocol, address = '', port, guestPort] = line.exec(each) ?? []
    if (!protocol) return []
    const host = address === '*' ? '0.0.0.0' : address
    return [
      {
        protocol: protocol.toLowerCase() as 'tcp' | 'udp',
        ...{ address: host, port: Number(port), guestPort: Number(guestPort) },
      },
    ]
  })
}

/** The monitor reads words: nothing but an IPv4 address and numbers may get there. */
function hostSide({ protocol, address, port }: Omit<ForwardRule, 'guestPort'>): string {
  if (!isIPv4(address))
    throw new AppError('input.invalid', 'QEMU forwards IPv4 only', {
      facts: { path: 'address', problem: address },
    })
  return `${protocol === 'udp' ? 'udp' : 'tcp'}:${address}:${whole(port)}`
}

function whole(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new AppError('input.invalid', 'Not a port', { facts: { path: 'port', problem: port } })
}
