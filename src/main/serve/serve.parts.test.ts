import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settingsSchema } from '../../shared/model/settings'
import { secret, statusOf, WindowServerLab } from '../../../testing/transports/window-server-lab'

let lab: WindowServerLab
beforeAll(async () => void (lab = await WindowServerLab.open()))
afterAll(() => lab.close())

const port = (): number => lab.server.port

test('the window is served with a strict policy, and its token only in the fragment', async () => {
  const answer = await lab.ask('GET /')
  expect(statusOf(answer)).toBe(200)
  expect(answer).toContain('<title>Slipway</title>')
  expect(answer).toContain(
    "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
      `img-src 'self' data:; font-src 'self'; connect-src 'self' ws://${lab.host}; base-uri 'none'; ` +
      "form-action 'none'; frame-ancestors 'none'\r\n",
  )
  for (const header of [
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    'x-frame-options: DENY',
    'cache-control: no-cache',
  ])
    expect(answer).toContain(`${header}\r\n`)
  expect(answer.toLowerCase()).not.toContain('set-cookie')
  expect(answer).not.toContain(lab.server.token)
  expect(lab.server.url).toBe(`http://${lab.host}/#token=${lab.server.token}`)
})

test('the page comes in the theme and language of the settings, and in the system’s where core is silent', async () => {
  lab.handlers['settings.get'] = () =>
    Promise.resolve({ ...v.parse(settingsSchema, {}), theme: 'dark', language: 'ko' })
  expect(await lab.ask('GET /')).toContain('<html lang="ko" data-theme="dark" data-language="ko">')
  expect(await lab.ask('GET /index.html')).toContain('data-theme="dark"')
  delete lab.handlers['settings.get']
  expect(await lab.ask('GET /')).toContain('<html lang="en"><title>')
})

test('assets with their hash are kept for ever, and HEAD answers the same without the content', async () => {
  const got = await lab.ask('GET /assets/index-BawwWZ7b.js')
  expect(got).toContain('cache-control: public, max-age=31536000, immutable\r\n')
  expect(got).toContain('content-type: text/javascript; charset=utf-8\r\n')
  expect(got.endsWith('export {}')).toBe(true)
  const head = await lab.ask('HEAD /assets/index-BawwWZ7b.js')
  expect(statusOf(head)).toBe(200)
  expect(head).toContain('content-length: 9\r\n')
  expect(head.endsWith('\r\n\r\n')).toBe(true)
})

test.each(['127.0.0.1', 'localhost', '[::1]'])('the name %s is ours', async (name) => {
  const answer = await lab.ask('GET /', { host: `${name}:${port()}` })
  expect(statusOf(answer)).toBe(200)
  expect(answer).toContain(`ws://${name}:${port()};`)
})

const foreignHosts: readonly ((port: number) => string)[] = [
  () => 'evil.example',
  (n) => `evil.example:${n}`,
  () => '127.0.0.1',
  () => 'localhost',
  () => '[::1]',
  (n) => `127.0.0.1:${n + 1}`,
  () => '127.0.0.1:80',
  () => '127.0.0.1:',
  (n) => `127.0.0.1:0${n}`,
  (n) => `127.0.0.1:${n}.evil.example`,
  (n) => `127.0.0.1.evil.example:${n}`,
  (n) => `localhost.evil.example:${n}`,
  (n) => `localhost.:${n}`,
  (n) => `evil.localhost:${n}`,
  (n) => `127.0.0.2:${n}`,
  (n) => `127.1:${n}`,
  (n) => `2130706433:${n}`,
  (n) => `0x7f000001:${n}`,
  (n) => `0177.0.0.1:${n}`,
  (n) => `0.0.0.0:${n}`,
  (n) => `[::]:${n}`,
  (n) => `[::ffff:127.0.0.1]:${n}`,
  (n) => `[0:0:0:0:0:0:0:1]:${n}`,
  (n) => `::1:${n}`,
  (n) => `user@127.0.0.1:${n}`,
  (n) => `127.0.0.1:${n}@evil.example`,
  (n) => `127.0.0.1:${n},evil.example`,
  (n) => `evil.example,127.0.0.1:${n}`,
  (n) => `127.0.0.1:${n}/`,
  (n) => `127.0.0.1:${n}#`,
  (n) => `http://127.0.0.1:${n}`,
  (n) => `host.docker.internal:${n}`,
  (n) => `172.17.0.1:${n}`,
  () => 'constructor',
]

test.each(foreignHosts.map((host) => [host] as const))('a foreign Host is refused: %s', async (hostFor) => {
  const host = hostFor(port())
  const origin = `http://${host}`
  const answer = await lab.ask('GET /', { host })
  expect([host, statusOf(answer)]).toEqual([host, 421])
  expect(answer).not.toContain('Slipway')
  expect([host, statusOf(await lab.askUpgrade({ host, origin }))]).toEqual([host, 421])
})

test('a request with two Hosts, or none, is refused', async () => {
  const two = await lab.raw(
    'GET / HTTP/1.1',
    `host: ${lab.host}`,
    'host: evil.example',
    'connection: close',
    '',
    '',
  )
  expect([400, 421]).toContain(statusOf(two))
  expect(statusOf(await lab.raw('GET / HTTP/1.1', 'connection: close', '', ''))).toBe(400)
  expect(statusOf(await lab.raw('GET / HTTP/1.0', '', ''))).toBe(421)
})

const foreignOrigins: readonly (() => string)[] = [
  () => 'null',
  () => 'http://evil.example',
  () => 'https://evil.example',
  () => `http://evil.example:${port()}`,
  () => `https://127.0.0.1:${port()}`,
  () => 'http://127.0.0.1',
  () => `http://127.0.0.1:${port() + 1}`,
  () => `http://localhost:${port()}`,
  () => `http://[::1]:${port()}`,
  () => `http://127.0.0.1:${port()}/`,
  () => `http://127.0.0.1:${port()}.evil.example`,
  () => `http://user@127.0.0.1:${port()}`,
  () => `http://127.0.0.1:${port()}, http://evil.example`,
  () => `ws://127.0.0.1:${port()}`,
  () => `HTTP://127.0.0.1:${port()}`,
  () => `//127.0.0.1:${port()}`,
  () => `127.0.0.1:${port()}`,
  () => 'file://',
  () => 'chrome-extension://abcdef',
  () => 'slipway://app',
  () => '*',
  () => '',
]

test.each(foreignOrigins.map((origin) => [origin] as const))(
  'a foreign Origin is refused: %s',
  async (originFor) => {
    const origin = originFor()
    expect([origin, statusOf(await lab.askUpgrade({ origin }))]).toEqual([origin, 403])
    expect([origin, statusOf(await lab.ask('GET /', { origin }))]).toEqual([origin, 403])
  },
)

test('a WebSocket without an Origin, or with two, is refused; our own page is not', async () => {
  const own = `http://${lab.host}`
  expect(statusOf(await lab.askUpgrade({}))).toBe(403)
  expect(statusOf(await lab.askUpgrade({ origin: own, Origin: own }))).toBe(403)
  expect(statusOf(await lab.askUpgrade({ origin: own }, '/'))).toBe(404)
  expect(statusOf(await lab.askUpgrade({ origin: own }, `/ws?token=${lab.server.token}`))).toBe(404)
  expect(statusOf(await lab.askUpgrade({ origin: own }))).toBe(101)
})

const dots = [
  '..',
  '.%2e',
  '%2e.',
  '%2e%2e',
  '%252e%252e',
  '..%00',
  '..;',
  '.../',
  '%c0%ae%c0%ae',
  '%uff0e%uff0e',
  '..\\',
]
const slashes = ['/', '%2f', '%5c', '\\', '//', '%252f', '/./']
const climbs = dots.flatMap((dot) =>
  slashes.flatMap((slash) => [
    `/${dot}${slash}secret.txt`,
    `/assets${slash}${dot}${slash}${dot}${slash}secret.txt`,
  ]),
)
const oddPaths = [
  '/link.txt',
  '//secret.txt',
  '/secret.txt',
  '/etc/passwd',
  '//etc/passwd',
  '/%00',
  '/index.html%00.js',
  '/index.html/',
  '/INDEX.HTML',
  '/assets',
  '/assets/',
  '/.',
  '/./index.html',
  '/%2findex.html',
  '/file:///etc/passwd',
  '/~root',
  '/%',
  '/%zz',
  '/serve.token',
  '/../serve.token',
  '/..',
  '/.git/config',
  '/con',
  '/index.html::$DATA',
  '/__proto__',
  '/constructor',
]

test.each([...climbs, ...oddPaths])('nothing but the window: %s', async (path) => {
  const answer = await lab.ask(`GET ${path}`)
  expect([400, 404]).toContain(statusOf(answer))
  expect(answer).not.toContain(secret)
  expect(answer).not.toContain(lab.folder)
})

test.each(['http://evil.example/', '*', 'secret.txt'])(
  'a target that is no path is refused: %s',
  async (target) => {
    expect(statusOf(await lab.ask(`GET ${target}`))).toBe(400)
  },
)

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'])(
  '%s is refused',
  async (method) => {
    const answer = await lab.ask(`${method} /`)
    expect(statusOf(answer)).toBe(405)
    expect(answer).toContain('allow: GET, HEAD\r\n')
  },
)

test('an upload is taken from our own page only, with its length', async () => {
  const { accepted } = lab
  const own = { origin: `http://${lab.host}`, 'content-length': '3' }
  const status = async (line: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    statusOf(await lab.ask(line, headers))
  expect(await status('GET /upload/a', {})).toBe(405)
  expect(await status('PUT /upload/a', own)).toBe(405)
  expect(await status('POST /upload/a', { 'content-length': '3' })).toBe(403)
  expect(await status('POST /upload/a', { ...own, origin: 'http://evil.example' })).toBe(403)
  expect(await status('POST /upload/a', { origin: own.origin, 'transfer-encoding': 'chunked' })).toBe(411)
  for (const path of ['/upload/', '/upload/a/b', '/upload/a%2fb', `/upload/${'x'.repeat(129)}`])
    expect(await status(`POST ${path}`, own)).toBe(405)
  expect(lab.accepted).toBe(accepted)
})
