import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../../platform/child'
import { blobOfLine, newKeyPair } from '../../tunnel/keys'
import { knownHost, rememberHost, verdictOn } from './known-hosts'

const [line, other] = [newKeyPair('a').publicKey, newKeyPair('b').publicKey]
const [blob, otherBlob] = [blobOfLine(line), blobOfLine(other)]
const bare = line.split(' ').slice(0, 2).join(' ')
const otherBare = other.split(' ').slice(0, 2).join(' ')
const at = (host: string, port = 22) => ({ host, port })

async function file(text: string): Promise<string> {
  const dir = await mkdtemp('/tmp/sl-known-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'known_hosts'), text)
  return join(dir, 'known_hosts')
}

async function verdict(text: string, place: { host: string; port: number }, key = blob) {
  return verdictOn(await knownHost([await file(text)], place), key)
}

test('a host is known by its key, by name, list, star and port', async () => {
  expect(await verdict(`box ${bare}\n`, at('box'))).toEqual({ kind: 'known' })
  expect(await verdict(`# box\n\nx,BOX,y ${bare} comment`, at('Box'))).toEqual({ kind: 'known' })
  expect(await verdict(`*.net,!bad.net ${bare}\n`, at('good.net'))).toEqual({ kind: 'known' })
  expect(await verdict(`*.net,!bad.net ${bare}\n`, at('bad.net'))).toEqual({ kind: 'unknown' })
  expect(await verdict(`[box]:2222 ${bare}\n`, at('box', 2222))).toEqual({ kind: 'known' })
  expect(await verdict(`[box]:2222 ${bare}\n`, at('box'))).toEqual({ kind: 'unknown' })
  expect(await verdict(`[::1]:2222 ${bare}\n`, at('::1', 2222))).toEqual({ kind: 'known' })
})

test('the key of the bare name is taken at another port, a different one there is a question', async () => {
  expect(await verdict(`box ${bare}\n`, at('box', 2222))).toEqual({ kind: 'known' })
  expect(await verdict(`box ${otherBare}\n`, at('box', 2222))).toEqual({ kind: 'unknown' })
})

test('another key than the known one is told with its place, also when the kind differs', async () => {
  expect(await verdict(`\nbox ${otherBare}\n`, at('box'))).toMatchObject({
    kind: 'changed',
    expected: { line: 2, blob: otherBlob },
  })
  const rsa = `box ssh-rsa ${Buffer.from('\0\0\0\u0007ssh-rsa-and-more').toString('base64')}\n`
  expect(await verdict(rsa, at('box'))).toMatchObject({ kind: 'changed' })
  expect(await verdict(`box ${otherBare}\nbox ${bare}\n`, at('box'))).toEqual({ kind: 'known' })
})

test('a revoked key is refused although it is known, whoever else vouches for it', async () => {
  const text = `box ${bare}\n@revoked * ${bare}\n@cert-authority * ${otherBare}\n`
  expect(await verdict(text, at('box'))).toMatchObject({ kind: 'revoked', entry: { line: 2 } })
  expect(await verdict(text, at('box'), otherBlob)).toMatchObject({ kind: 'changed' })
  expect(await verdict(`@cert-authority * ${bare}\n`, at('box'))).toEqual({ kind: 'unknown' })
})

test('names that ssh-keygen has hidden are found, and ours are found by ssh-keygen', async () => {
  const path = await file(`box,[far]:2200 ${bare}\n`)
  const hidden = await run('ssh-keygen', ['-H', '-f', path])
  expect(hidden.code).toBe(0)
  expect(await readFile(path, 'utf8')).not.toContain('box')
  expect(verdictOn(await knownHost([path], at('far', 2200)), blob)).toEqual({ kind: 'known' })
  await rememberHost(path, { ...at('mine', 2022), isHashed: true }, { type: 'ssh-ed25519', blob: otherBlob })
  const found = await run('ssh-keygen', ['-F', '[mine]:2022', '-f', path])
  expect(found.stdout).toContain(otherBare.split(' ')[1])
})

test('what is remembered begins on a line of its own, in a file of the person alone', async () => {
  const path = await file(`box ${bare}`)
  await rememberHost(path, { ...at('New'), isHashed: false }, { type: 'ssh-ed25519', blob: otherBlob })
  expect(await readFile(path, 'utf8')).toBe(`box ${bare}\nnew ${otherBare}\n`)
  const fresh = join(path, '..', 'ssh', 'known_hosts')
  await rememberHost(fresh, { ...at('New'), isHashed: false }, { type: 'ssh-ed25519', blob: otherBlob })
  expect((await stat(fresh)).mode & 0o777).toBe(0o600)
  expect((await stat(join(fresh, '..'))).mode & 0o777).toBe(0o700)
})

test.each(['|1|x ', '|2|a|b ', 'box ssh-ed25519', 'box ssh-ed25519 !!', '@revoked'])(
  '%j is passed over',
  async (text) => {
    expect(await verdict(`${text}\n`, at('box'))).toEqual({ kind: 'unknown' })
  },
)
