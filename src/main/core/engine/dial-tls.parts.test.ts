import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { EngineId, TlsFiles } from '../../../shared/model'
import { dialTcp } from './dial'
import { connectEngine, type ConnectedEngine } from './engine-client'
import { negotiateApi } from './version'

const dir = mkdtempSync('/tmp/slipway-tls-')
const file = (name: string): string => join(dir, name)
let server: tls.Server

/** A certificate that is its own authority, for 127.0.0.1. */
function certificate(name: string): void {
  const files = ['-keyout', file(`${name}-key.pem`), '-out', file(`${name}.pem`)]
  const made = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
  ]
  execFileSync(
    'openssl',
    ['req', ...made, `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', ...files],
    {
      stdio: 'ignore',
    },
  )
}

beforeAll(async () => {
  certificate('server')
  certificate('client')
  const options = {
    key: readFileSync(file('server-key.pem')),
    cert: readFileSync(file('server.pem')),
    ca: readFileSync(file('client.pem')),
    requestCert: true,
    rejectUnauthorized: true,
  }
  server = tls.createServer(options, (socket) => {
    const engine = net.connect(inject('engineSocket'))
    socket.pipe(engine).pipe(socket)
    socket.on('error', () => engine.destroy())
    engine.on('error', () => socket.destroy())
    socket.on('close', () => engine.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(dir, { recursive: true })
})

function connect(files: TlsFiles | undefined): Promise<ConnectedEngine> {
  const { port } = server.address() as AddressInfo
  const dial = dialTcp({ host: '127.0.0.1', port, ...(files && { tls: files }) })
  const { signal } = new AbortController()
  return connectEngine({
    id: 'tls' as EngineId,
    dial,
    address: `tcp://127.0.0.1:${port}`,
    signal,
    pingTimeoutMs: 30_000,
  })
}

test('an engine behind TLS is reached with the three files', async () => {
  const files = { caFile: file('server.pem'), certFile: file('client.pem'), keyFile: file('client-key.pem') }
  const engine = await connect(files)
  try {
    const said = await engine.json<{ ApiVersion: string; MinAPIVersion: string }>({ path: '/version' })
    const agreed = negotiateApi({ newest: said.ApiVersion, oldest: said.MinAPIVersion })
    expect(engine.facts.apiVersion).toBe(agreed)
  } finally {
    engine.close()
  }
})

test('a server that our authority does not vouch for is refused', async () => {
  const files = { caFile: file('client.pem'), certFile: file('client.pem'), keyFile: file('client-key.pem') }
  await expect(connect(files)).rejects.toMatchObject({ code: 'engine.tls' })
})

test('a client without its certificate, and one that speaks no TLS, are told so', async () => {
  await expect(connect({ caFile: file('server.pem') })).rejects.toMatchObject({ code: 'engine.tls' })
  await expect(connect(undefined)).rejects.toMatchObject({
    code: expect.stringMatching(/^engine\./) as string,
  })
})
