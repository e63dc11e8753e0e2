import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import { registryHandlers } from './registries'
import { createAuthHeaderFor } from './registry-auth'

let home: string
let env: NodeJS.ProcessEnv

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-registries-'))
  mkdirSync(join(home, 'bin'))
  env = { DOCKER_CONFIG: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` }
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const config = (value: unknown): void =>
  writeFileSync(join(home, 'config.json'), typeof value === 'string' ? value : JSON.stringify(value))

function helper(name: string, script: string): void {
  const path = join(home, 'bin', `docker-credential-${name}`)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const decode = (header: string | undefined): unknown =>
  JSON.parse(Buffer.from(header ?? '', 'base64url').toString('utf8'))
const ask = (reference: string) => createAuthHeaderFor({ env })(reference)

test('no config file is no credentials', async () => {
  expect(await ask('nginx')).toEqual({})
})

test('a login kept in the file goes with its own registry only', async () => {
  config({ auths: { 'reg.example:5000': { auth: base64('me:pass:word') } } })
  expect(decode((await ask('reg.example:5000/a/b:1')).header)).toEqual({
    username: 'me',
    password: 'pass:word',
    serveraddress: 'reg.example:5000',
  })
  expect(await ask('other.example/a')).toEqual({})
  expect(await ask('nginx')).toEqual({})
})

test('short names use the login of Docker Hub under its old key', async () => {
  config({ auths: { 'https://index.docker.io/v1/': { auth: base64('hub:pw') } } })
  const expected = { username: 'hub', password: 'pw', serveraddress: 'https://index.docker.io/v1/' }
  expect(decode((await ask('nginx')).header)).toEqual(expected)
  expect(decode((await ask('me/app:2')).header)).toEqual(expected)
})

test('an old key with scheme and path means its host', async () => {
  config({ auths: { 'https://reg.example/v2/': { username: 'a', password: 'b' } } })
  expect(decode((await ask('reg.example/x')).header)).toMatchObject({ username: 'a', password: 'b' })
})

test('an identity token goes in place of a password', async () => {
  config({ auths: { 'reg.example': { identitytoken: 'tok' } } })
  expect(decode((await ask('reg.example/x')).header)).toEqual({
    identitytoken: 'tok',
    serveraddress: 'reg.example',
  })
})

test('a helper is asked with the registry on its input', async () => {
  config({ auths: { 'reg.example': {} }, credsStore: 'fake' })
  helper('fake', 'read r; [ "$1" = get ] && echo "{\\"Username\\":\\"u-$r\\",\\"Secret\\":\\"s\\"}"')
  expect(decode((await ask('reg.example/x')).header)).toMatchObject({
    username: 'u-reg.example',
    password: 's',
  })
})

test('a helper of one registry wins over the store, and may hold a token', async () => {
  config({ credsStore: 'nowhere', credHelpers: { 'reg.example': 'one' } })
  helper('one', 'echo \'{"Username":"<token>","Secret":"t0k"}\'')
  expect(decode((await ask('reg.example/x')).header)).toMatchObject({ identitytoken: 't0k' })
})

test('a helper that holds nothing is no problem', async () => {
  config({ credsStore: 'fake' })
  helper('fake', 'echo "credentials not found in native keychain"; exit 1')
  expect(await ask('nginx')).toEqual({})
})

test.each([
  ['missing', undefined],
  ['failed', 'echo hunter2; exit 3'],
  ['garbage', 'echo hunter2'],
  ['timeout', 'exec sleep 60'],
])('a helper that is %s is a problem without a word of what it printed', async (problem, script) => {
  config({ credsStore: 'fake' })
  if (script !== undefined) helper('fake', script)
  const { header, problem: error } = await ask('nginx')
  expect(header).toBeUndefined()
  expect(error).toMatchObject({ code: 'registry.unauthorized', facts: { problem: `helper-${problem}` } })
  expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
})

test('a helper whose name is a path is not run', async () => {
  config({ credsStore: '../../evil' })
  expect((await ask('nginx')).problem).toMatchObject({ facts: { problem: 'helper-missing' } })
})

test.each(['{', 'null', '{"auths": 3}', ''])(
  'a broken config (%s) is a problem, not a crash',
  async (text) => {
    config(text)
    expect((await ask('nginx')).problem).toMatchObject({ code: 'file.failed' })
  },
)

test('the list tells names only', async () => {
  config({
    auths: { 'https://index.docker.io/v1/': { auth: base64('a:b') }, 'reg.example': {} },
    credHelpers: { 'gcr.io': 'gcloud' },
  })
  const signal = new AbortController().signal
  const list = await registryHandlers({ env })['registries.list']({ engine: 'local' as EngineId }, signal)
  expect(list).toEqual({ registries: ['docker.io', 'gcr.io', 'reg.example'] })
})

test('a cancelled ask ends at once', async () => {
  config({ credsStore: 'fake' })
  helper('fake', 'exec sleep 60')
  const abort = new AbortController()
  const asked = createAuthHeaderFor({ env })('nginx', abort.signal)
  abort.abort()
  await expect(asked).rejects.toThrow()
})
