import { AppError, toWire, type WireError } from '../../../shared/errors'
import type { PortsDeps } from './port-link'
import type { WantedPort } from './wanted-ports'

/** Why the host does not give a port, with the name of who holds it. */
export async function portProblem(
  thrown: unknown,
  { protocol, port, address }: WantedPort,
  holderOf: PortsDeps['holderOf'],
): Promise<WireError> {
  const code = thrown instanceof AppError ? thrown.code : errnoOf(thrown)
  if (code === 'port.in-use' || code === 'EADDRINUSE') {
    const holder = await holderOf(protocol, port).catch(() => undefined)
    const facts = { port, ...(holder !== undefined && { holder }) }
    return {
      code: 'port.in-use',
      message: `${address}:${port} is taken${holder ? ` by ${holder}` : ''}`,
      facts,
    }
  }
  if (code === 'EACCES' || code === 'EPERM')
    return { code: 'port.forbidden', message: `The host keeps port ${port}`, facts: { port } }
  // An address that this host does not have.
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')
    return { code: 'port.unsupported', message: `No address ${address} here`, facts: { port, protocol } }
  return toWire(thrown)
}

const errnoOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined
