import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { run } from '../../src/main/core/platform/child'
import { tar, type TarEntry } from './tar'

/** A busybox with `sh` and the usual commands, made here: no registry is asked. */
export const busyboxImage = 'slipway-test/busybox:latest'
/** One static program that sleeps, and nothing else: no shell to be found. */
export const noShellImage = 'slipway-test/no-shell:latest'

export interface ImageSpec {
  readonly reference: string
  readonly layers: readonly (readonly TarEntry[])[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** Puts both test images into the engine behind a socket. Answers the busybox reference. */
export async function testImage(socketPath: string): Promise<string> {
  const busybox = await readFile('/bin/busybox').catch(() => readFile('/usr/bin/busybox'))
  await assertStatic()
  const list = await run('busybox', ['--list'])
  const links = list.stdout
    .split('\n')
    .filter((name) => name && name !== 'busybox')
    .map((name): TarEntry => ({ name: `bin/${name}`, link: 'busybox' }))
  const folders = ['bin', 'tmp', 'root', 'etc', 'proc', 'sys', 'dev'].map((name): TarEntry => ({
    name: `${name}/`,
    isFolder: true,
    mode: name === 'tmp' ? 0o1777 : 0o755,
  }))
  const program: TarEntry = { name: 'bin/busybox', mode: 0o755, data: busybox }
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n'
  const env = ['PATH=/bin']
  await loadImage(socketPath, {
    reference: busyboxImage,
    layers: [
      [...folders, program, ...links],
      [
        { name: 'etc/passwd', data: passwd },
        { name: 'etc/group', data: 'root:x:0:\nnobody:x:65534:\n' },
      ],
    ],
    config: { Cmd: ['sh'], Env: env, WorkingDir: '/' },
  })
  await loadImage(socketPath, {
    reference: noShellImage,
    // Busybox acts by the name it is called with: under this name it can only sleep.
    layers: [[{ name: 'sleep', mode: 0o755, data: busybox }]],
    config: { Entrypoint: ['/sleep', '1000000'], Env: env },
  })
  return busyboxImage
}

async function assertStatic(): Promise<void> {
  const ran = await run('busybox', ['--list']).catch(() => undefined)
  if (ran?.code !== 0) throw new Error('busybox is not installed. Run: apt-get install busybox-static')
}

/** The tar that `docker load` takes, with one image of the given layers. */
export function imageTar(spec: ImageSpec): Buffer {
  const layers = spec.layers.map((entries) => tar(entries))
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: '2024-01-02T03:04:05Z',
    config: spec.config ?? {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    history: layers.map((_, n) => ({ created: '2024-01-02T03:04:05Z', created_by: `layer ${n + 1}` })),
  })
  const configName = `${sha256(Buffer.from(config))}.json`
  // By content, as `docker save` does: containerd's store goes on where a load of the same name was cut.
  const names = layers.map((layer) => `${sha256(layer)}/layer.tar`)
  const manifest = [{ Config: configName, RepoTags: [spec.reference], Layers: names }]
  return tar([
    { name: configName, data: config },
    ...layers.map((data, n) => ({ name: names[n] as string, data })),
    { name: 'manifest.json', data: JSON.stringify(manifest) },
  ])
}

export async function loadImage(socketPath: string, spec: ImageSpec): Promise<void> {
  const said = await postTar(socketPath, '/images/load?quiet=1', imageTar(spec))
  if (said.includes('"error"')) throw new Error(`The engine refused a test image: ${said}`)
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex')

export function postTar(socketPath: string, path: string, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    // In chunks: a request with a length ends with an empty write of Node's, which fails when the engine has answered
    // and hung up by then.
    const headers = { 'Content-Type': 'application/x-tar', 'Transfer-Encoding': 'chunked' }
    const asked = request({ socketPath, path, method: 'POST', headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode}: ${text}`)),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
