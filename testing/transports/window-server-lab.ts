import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '../../src/shared/contract'
import { serveClient } from '../../src/main/core/api/serve-client'
import { startWindowServer, type WindowServer } from '../../src/main/serve/server'
import { fakeHandlers } from './fake-handlers'

export const secret = 'the secret beside the window'

/** `slipway serve` over a small built window and scripted handlers. */
export class WindowServerLab {
  readonly handlers: Partial<Handlers> = {}
  /** Clients that core got to see. */
  accepted = 0

  private constructor(
    readonly folder: string,
    private started: WindowServer | undefined,
  ) {}

  static async open(): Promise<WindowServerLab> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-serve-'))
    const rendererDir = join(folder, 'renderer')
    mkdirSync(join(rendererDir, 'assets'), { recursive: true })
    writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><html lang="en"><title>Slipway</title>')
    writeFileSync(join(rendererDir, 'assets', 'index-BawwWZ7b.js'), 'export {}')
    writeFileSync(join(folder, 'secret.txt'), secret)
    symlinkSync(join(folder, 'secret.txt'), join(rendererDir, 'link.txt'))
    const lab = new WindowServerLab(folder, undefined)
    lab.started = await startWindowServer({
      host: '127.0.0.1',
      port: 0,
      rendererDir,
      accept: (transport) => {
        lab.accepted++
        serveClient(transport, fakeHandlers(lab.handlers), {
          onPush: () => () => undefined,
          reportBug: () => undefined,
        })
      },
    })
    return lab
  }

  get server(): WindowServer {
    if (!this.started) throw new Error('the server is not started')
    return this.started
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`
  }

  async close(): Promise<void> {
    await this.server.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Writes lines as they are and answers all that comes back until the end. */
  async raw(...lines: readonly string[]): Promise<string> {
    return await readAll(this.dial(), lines)
  }

  /** One request with just these headers. */
  async ask(line: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const all = { host: this.host, connection: 'close', ...headers }
    return await this.raw(
      `${line} HTTP/1.1`,
      ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    )
  }

  /** An upgrade as our page makes it, but for the given headers. */
  async askUpgrade(headers: Readonly<Record<string, string>>, path = '/ws'): Promise<string> {
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    }
    return await this.ask(`GET ${path}`, { ...upgrade, ...headers })
  }

  dial(): Socket {
    return connect(this.server.port, '127.0.0.1').on('error', () => undefined)
  }
}

/** A welcomed upgrade does not end by itself: its head is enough. */
function readAll(socket: Socket, lines: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) socket.destroy()
    })
    socket.once('close', () => resolve(text))
    socket.write(lines.join('\r\n'))
  })
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
