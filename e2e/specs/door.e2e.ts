import { request } from 'node:http'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../fixtures/test'

interface Ask {
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

/** The status of one raw request. */
const status = (origin: string, { path = '/', method = 'GET', headers = {} }: Ask): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(origin)
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

test('foreign hosts and origins are turned away', async ({ app }) => {
  const { origin } = app
  const host = new URL(origin).host
  expect(await status(origin, {})).toBe(200)
  expect(await status(origin, { headers: { host: 'evil.example' } })).toBe(421)
  expect(await status(origin, { headers: { host, origin: 'http://evil.example' } })).toBe(403)
  expect(await status(origin, { method: 'POST' })).toBe(405)
  expect(await status(origin, { path: '/../../etc/passwd' })).not.toBe(200)
  expect(await status(origin, { path: '/%2e%2e/%2e%2e/etc/passwd' })).not.toBe(200)
  expect(await status(origin, { path: '/download/guessed' })).not.toBe(200)
  const sent = { method: 'POST', path: '/upload/guessed' }
  expect(await status(origin, sent)).toBe(403)
  expect(await status(origin, { ...sent, headers: { host, origin, 'content-length': '0' } })).toBe(404)
  const socket = { path: '/ws', headers: { ...upgrade, host } }
  expect(await status(origin, socket)).toBe(403)
  expect(
    await status(origin, { ...socket, headers: { ...socket.headers, origin: 'http://evil.example' } }),
  ).toBe(403)
  expect(await status(origin, { ...socket, headers: { ...socket.headers, origin } })).toBe(101)
})

test('a wrong token opens nothing, and the page says what to do', async ({
  app,
  openWindow,
  consoleWatch,
}) => {
  consoleWatch.expect(/WebSocket/)
  const win = await openWindow({ ...app, url: `${app.origin}/#token=wrong` })
  await expect(win.page.getByText('This address does not open Slipway')).toBeVisible()
  await expect(win.list('Containers').grid).toHaveCount(0)
  await expect(win.page.getByRole('region', { name: 'Engines' })).not.toContainText('DOCKER_HOST')
})

test('a link opens in a new tab beside one that is connected; the bare address alone does not', async ({
  app,
  openWindow,
}) => {
  const win = await openWindow(app)
  await win.isReady()
  const beside = await win.page.context().newPage()
  await beside.goto(`${app.origin}/#/images`)
  await expect(beside.getByRole('grid', { name: 'Images' })).toBeVisible()
  await beside.reload()
  await expect(beside.getByRole('grid', { name: 'Images' })).toBeVisible()
  const alone = await openWindow({ ...app, url: `${app.origin}/#/images` })
  await expect(alone.page.getByText('This address does not open Slipway')).toBeVisible()
})

test('the token leaves the address bar and lies in a file of this user only', async ({
  ownApp,
  openWindow,
}) => {
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  expect(win.page.url()).not.toContain('token')
  const file = join(app.home, 'serve.token')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const token = (await readFile(file, 'utf8')).trim()
  expect(app.url).toContain(token)
  const next = await ownApp({ home: app.home })
  expect(next.url).not.toContain(token)
})

test('what the page may load is its own only', async ({ app, win }) => {
  const answer = await win.page.request.get(app.origin)
  const policy = answer.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe-eval')
  expect(policy).toMatch(/script-src 'self'/)
  expect(answer.headers()['x-content-type-options']).toBe('nosniff')
})
