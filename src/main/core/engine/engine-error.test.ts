import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { progressError, refusalError, transportError } from './engine-error'

const refused = (status: number, message: string, more: { method?: string; path?: string } = {}): AppError =>
  refusalError({
    method: 'POST',
    path: '/containers/x/start',
    status,
    body: JSON.stringify({ message }),
    ...more,
  })

test.each([
  ['ENOENT', 'engine.socket-missing'],
  ['ENOTDIR', 'engine.socket-missing'],
  ['EACCES', 'engine.forbidden'],
  ['EPERM', 'engine.forbidden'],
  ['ECONNREFUSED', 'engine.unreachable'],
  ['ECONNRESET', 'engine.unreachable'],
  ['ETIMEDOUT', 'engine.unreachable'],
  ['ENOTFOUND', 'engine.unreachable'],
  ['CERT_HAS_EXPIRED', 'engine.tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'engine.tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'engine.tls'],
  ['EPROTO', 'engine.tls'],
  ['HPE_INVALID_CONSTANT', 'engine.bad-answer'],
])('%s is %s', (errno, code) => {
  const error = transportError(Object.assign(new Error('x'), { code: errno }), 'unix:///s')
  expect(error).toMatchObject({ code, facts: { address: 'unix:///s', reason: errno } })
})

test('an error of ours passes as it is, and what is no error still has a code', () => {
  const own = new AppError('cancelled', 'Cancelled')
  expect(transportError(own, 'a')).toBe(own)
  expect(transportError(undefined, 'a').code).toBe('engine.unreachable')
})

test.each([
  [
    'driver failed programming external connectivity: Bind for 0.0.0.0:8080 failed: port is already allocated',
    8080,
  ],
  ['Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use', 80],
  ['Error starting userland proxy: listen tcp6 [::]:81: bind: address already in use', 81],
  ['failed to bind host port for 0.0.0.0:8443:172.17.0.2:443/tcp: address already in use', 8443],
  ['failed to bind host port 127.0.0.1:9000/tcp: address already in use', 9000],
  ['Ports are not available: exposing port TCP 0.0.0.0:5000 -> 0.0.0.0:0', 5000],
])('a port in use is named: %s', (message, port) => {
  expect(refused(500, message)).toMatchObject({ code: 'port.in-use', facts: { port } })
})

test.each([
  [400, 'bad parameter', {}, 'request.invalid'],
  [401, 'no', {}, 'request.unauthorized'],
  [403, 'no', {}, 'request.unauthorized'],
  [403, 'network x id y has active endpoints', { method: 'DELETE' }, 'object.in-use'],
  [403, 'bridge is a pre-defined network and cannot be removed', { method: 'DELETE' }, 'object.conflict'],
  [403, 'operation is not permitted on predefined bridge network', {}, 'object.conflict'],
  [404, 'No such container: x', {}, 'object.not-found'],
  [404, 'page not found', {}, 'engine.unsupported'],
  [409, 'Conflict', {}, 'object.conflict'],
  [409, 'remove x: volume is in use', { method: 'DELETE' }, 'object.in-use'],
  [418, 'teapot', {}, 'request.invalid'],
  [500, 'boom', {}, 'engine.failed'],
  [501, 'not here', {}, 'engine.unsupported'],
  [500, 'write /x: no space left on device', {}, 'disk.full'],
  [400, 'client version 1.18 is too old. Minimum supported API version is 1.24', {}, 'engine.too-old'],
  [400, 'Client sent an HTTP request to an HTTPS server.', {}, 'engine.tls'],
  [500, 'dial unix /run/containerd.sock: connection refused', {}, 'engine.failed'],
] as const)('%i %s %j is %s', (...[status, message, more, code]) => {
  expect(refused(status, message, more).code).toBe(code)
})

const pull = { path: '/images/create' }
test.each([
  [404, 'manifest for x:nope not found: manifest unknown: manifest unknown', 'registry.not-found'],
  [
    404,
    "pull access denied for x, repository does not exist or may require 'docker login': denied",
    'registry.not-found',
  ],
  [
    500,
    'Head "http://localhost:5000/v2/x/manifests/latest": no basic auth credentials',
    'registry.unauthorized',
  ],
  [
    404,
    'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    'registry.unauthorized',
  ],
  [
    404,
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'registry.not-found',
  ],
  [404, 'no match for platform in manifest: not found', 'registry.not-found'],
  [500, 'unauthorized: authentication required', 'registry.unauthorized'],
  [500, 'toomanyrequests: You have reached your pull rate limit', 'registry.rate-limited'],
  [500, 'Get "https://x/v2/": dial tcp: lookup x on 1.1.1.1:53: no such host', 'registry.unreachable'],
  [500, 'Get "https://x/v2/": x509: certificate signed by unknown authority', 'registry.unreachable'],
  [500, 'Get "https://x/v2/": http: server gave HTTP response to HTTPS client', 'registry.unreachable'],
  [400, 'invalid reference format', 'request.invalid'],
])('towards a registry %i %s is %s', (status, message, code) => {
  expect(refused(status, message, pull).code).toBe(code)
})

test('a repository that may be private says that a login may help', () => {
  const message = "pull access denied for x, repository does not exist or may require 'docker login'"
  expect(refused(404, message, pull).facts).toMatchObject({ mayNeedLogin: true })
})

test('a taken name tells who holds it', () => {
  const message =
    'Conflict. The container name "/web" is already in use by container "abc123". You have to remove'
  expect(refused(409, message).facts).toMatchObject({ name: 'web', holder: 'abc123' })
})

test('Podman, plain text and an empty body have words too', () => {
  const of = (body: string): unknown =>
    refusalError({ method: 'GET', path: '/x', status: 500, body }).facts['detail']
  expect(of('{"cause":"no such thing","response":500}')).toBe('no such thing')
  expect(of('Bad Gateway\n')).toBe('Bad Gateway')
  expect(of('')).toBe('HTTP 500')
  expect(of('null')).toBe('null')
  expect(String(of('x'.repeat(100_000)))).toHaveLength(2_000)
})

test.each([
  [
    { error: 'x', errorDetail: { message: 'filesystem layer verification failed for digest sha256:1' } },
    'image.damaged',
  ],
  [{ errorDetail: { message: 'unexpected EOF' } }, 'registry.unreachable'],
  [{ error: 'toomanyrequests: slow down' }, 'registry.rate-limited'],
  [{ errorDetail: { message: 'write /a: no space left on device' } }, 'disk.full'],
  [{ errorDetail: { message: 'open /tmp/x/manifest.json: no such file or directory' } }, 'image.damaged'],
  [{ errorDetail: { message: 'The command returned a non-zero code: 1', code: 1 } }, 'engine.failed'],
])('a progress line %j is %s', (line, code) => {
  expect(progressError(line)?.code).toBe(code)
})

test('what an engine says while it reads a file of ours is not about a registry', () => {
  const line = { errorDetail: { message: 'unexpected EOF' } }
  expect(progressError(line, 'file')?.code).toBe('image.damaged')
})

test('a progress line that tells no failure is none', () => {
  for (const line of [{ status: 'Downloading' }, null, 'text', 7, { error: '' }, { errorDetail: null }]) {
    expect(progressError(line)).toBeUndefined()
  }
})

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'name'],
  ['CERT_HAS_EXPIRED', 'date'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'refused'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'plain'],
  ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'files'],
  ['ERR_OSSL_PEM_NO_START_LINE', 'files'],
])('%s tells what is wrong with TLS: %s', (errno, tls) => {
  const error = transportError(Object.assign(new Error('x'), { code: errno }), 'tcp://box:2376')
  expect(error).toMatchObject({ code: 'engine.tls', facts: { tls } })
})

test('an engine that was asked without TLS and wants it is told apart', () => {
  const error = refused(400, 'Client sent an HTTP request to an HTTPS server.', { path: '/_ping' })
  expect(error).toMatchObject({ code: 'engine.tls', facts: { tls: 'wanted' } })
})
