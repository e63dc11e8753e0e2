import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import net from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../platform/child'
import { linkState, makeLink, removeLink } from './default-socket'
import { addContext, contextState, removeContext, unuseContext, useContext } from './docker-context'

async function freshDir(): Promise<string> {
  const dir = await mkdtemp('/tmp/sl-ctx-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const host = 'unix:///run/slipway/docker.sock'
const name = 'slipway'

async function docker(dir: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, DOCKER_CONFIG: dir, DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined }
  const ran = await run('docker', args, { env })
  if (ran.code !== 0) throw new Error(ran.stderr)
  return ran.stdout.trim()
}

test('docker reads the context as its own, and uses it', async () => {
  const dir = await freshDir()
  await addContext({ dir, name, host })
  expect(await contextState({ dir, name })).toBe('there')
  await useContext({ dir, name })
  expect(await contextState({ dir, name })).toBe('current')
  expect(await docker(dir, 'context', 'show')).toBe(name)
  expect(await docker(dir, 'context', 'inspect', name, '--format', '{{.Endpoints.docker.Host}}')).toBe(host)
  await removeContext({ dir, name })
  expect(await docker(dir, 'context', 'show')).toBe('default')
})

test('foreign keys stay as they are, to the byte, and come back as they were', async () => {
  const dir = await freshDir()
  const text = '{\n    "credsStore":"osx",   "currentContext" : "colima",\n "x": [1 ]\n}\n'
  await writeFile(join(dir, 'config.json'), text, { mode: 0o640 })
  await docker(dir, 'context', 'create', 'colima', '--docker', 'host=unix:///c.sock')
  await addContext({ dir, name, host })
  expect(await readFile(join(dir, 'config.json'), 'utf8')).toBe(text)
  await useContext({ dir, name })
  expect(await readFile(join(dir, 'config.json'), 'utf8')).toBe(text.replace('"colima"', '"slipway"'))
  expect((await stat(join(dir, 'config.json'))).mode & 0o777).toBe(0o640)
  await removeContext({ dir, name })
  expect(await readFile(join(dir, 'config.json'), 'utf8')).toBe(text)
  expect(await docker(dir, 'context', 'ls', '-q')).toContain('colima')
})

test('without a config before there is none after', async () => {
  const dir = await freshDir()
  await addContext({ dir, name, host })
  await useContext({ dir, name })
  await unuseContext({ dir, name })
  await expect(stat(join(dir, 'config.json'))).rejects.toThrow('ENOENT')
  await removeContext({ dir, name })
  await expect(stat(join(dir, 'contexts'))).rejects.toThrow('ENOENT')
})

test('what the person chose meanwhile stays chosen', async () => {
  const dir = await freshDir()
  await addContext({ dir, name, host })
  await useContext({ dir, name })
  await docker(dir, 'context', 'create', 'mine', '--docker', 'host=unix:///m.sock')
  await docker(dir, 'context', 'use', 'mine')
  await removeContext({ dir, name })
  expect(await docker(dir, 'context', 'show')).toBe('mine')
})

test('a context of the same name that is not ours is left alone', async () => {
  const dir = await freshDir()
  await docker(dir, 'context', 'create', name, '--docker', 'host=unix:///other.sock')
  expect(await contextState({ dir, name })).toBe('foreign')
  const refused = { code: 'file.failed', facts: { reason: 'foreign-context' } }
  await expect(addContext({ dir, name, host })).rejects.toMatchObject(refused)
  await expect(removeContext({ dir, name })).rejects.toMatchObject(refused)
  await expect(useContext({ dir, name })).rejects.toMatchObject(refused)
  const digest = createHash('sha256').update(name).digest('hex')
  const meta = await readFile(join(dir, 'contexts', 'meta', digest, 'meta.json'), 'utf8')
  expect(meta).toContain('other.sock')
})

test('a broken config is not touched', async () => {
  const dir = await freshDir()
  await writeFile(join(dir, 'config.json'), '{"auths":')
  await addContext({ dir, name, host })
  await expect(useContext({ dir, name })).rejects.toMatchObject({ facts: { reason: 'not-json' } })
  expect(await readFile(join(dir, 'config.json'), 'utf8')).toBe('{"auths":')
})

test('a config behind a link stays behind its link', async () => {
  const [dir, dotfiles] = [await freshDir(), await freshDir()]
  await writeFile(join(dotfiles, 'docker.json'), '{}')
  await symlink(join(dotfiles, 'docker.json'), join(dir, 'config.json'))
  await addContext({ dir, name, host })
  await useContext({ dir, name })
  expect(await readlink(join(dir, 'config.json'))).toBe(join(dotfiles, 'docker.json'))
  expect(await readFile(join(dotfiles, 'docker.json'), 'utf8')).toContain('slipway')
})

async function freshPlace() {
  const dir = await freshDir()
  const ownFolder = join(dir, 'machines')
  return { link: join(dir, 'docker.sock'), target: join(ownFolder, 'a', 'docker.sock'), ownFolder }
}

test('the link at the usual place is made, turned to another machine of ours and taken away', async () => {
  const place = await freshPlace()
  await makeLink(place)
  await makeLink(place)
  expect(await linkState(place)).toBe('ours')
  const other = { ...place, target: join(place.ownFolder, 'b', 'docker.sock') }
  expect(await linkState(other)).toBe('other')
  await removeLink(other)
  expect(await readlink(place.link)).toBe(place.target)
  await makeLink(other)
  expect(await readlink(place.link)).toBe(other.target)
  await removeLink(other)
  expect(await linkState(place)).toBe('absent')
})

test('whatever else is at the usual place stays: a live socket, a file, a link that leads nowhere now', async () => {
  const place = await freshPlace()
  const refused = { code: 'file.failed', facts: { reason: 'in-use' } }
  const server = net.createServer().listen(place.link)
  await expect(makeLink(place)).rejects.toMatchObject(refused)
  await removeLink(place)
  expect(server.listening && (await linkState(place))).toBe('foreign')
  await new Promise((resolve) => server.close(resolve))
  await writeFile(place.link, 'somebody’s')
  await expect(makeLink(place)).rejects.toMatchObject(refused)
  expect(await readFile(place.link, 'utf8')).toBe('somebody’s')
  await rm(place.link)
  await symlink('/opt/other/docker.sock', place.link)
  await expect(makeLink(place)).rejects.toMatchObject(refused)
  // A folder beside ours whose name begins alike is not ours.
  await rm(place.link)
  await symlink(`${place.ownFolder}-not/docker.sock`, place.link)
  await expect(makeLink(place)).rejects.toMatchObject(refused)
  await removeLink(place)
  expect(await readlink(place.link)).toBe(`${place.ownFolder}-not/docker.sock`)
})

test('where the folder cannot be written the command is told', async () => {
  const dir = await freshDir()
  await mkdir(join(dir, 'a b'))
  const place = { link: join(dir, 'no', 'docker.sock'), target: join(dir, 'a b', 's'), ownFolder: dir }
  await expect(makeLink(place)).rejects.toMatchObject({
    code: 'file.failed',
    facts: { command: `sudo ln -s '${place.target}' ${place.link}` },
  })
})
