import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { matchesAny } from './host-pattern'
import { planHops, type SshAddress } from './host-plan'
import { hostNames, readConfig } from './ssh-config'

/** A home with these files in `~/.ssh`. */
async function homeWith(files: Readonly<Record<string, string>>): Promise<string> {
  const home = await mkdtemp('/tmp/sl-home-')
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(home, '.ssh', name, '..'), { recursive: true })
    await writeFile(join(home, '.ssh', name), text)
  }
  return home
}

async function plan(config: string | Record<string, string>, address: SshAddress) {
  const home = await homeWith(typeof config === 'string' ? { config } : config)
  const files = await readConfig(home, '/nowhere')
  return { home, hops: planHops(address, { files, home, env: { TEAM: 'blue' } }) }
}

test('without a config a host is what was typed', async () => {
  const { hops, home } = await plan({}, { host: 'box' })
  const [hop] = hops
  expect(hop).toMatchObject({ host: 'box', port: 22, user: userInfo().username, identitiesOnly: false })
  expect(hop?.identityFiles).toEqual(['id_ed25519', 'id_ecdsa', 'id_rsa'].map((n) => `${home}/.ssh/${n}`))
  expect(hop?.knownHostsFiles[0]).toBe(`${home}/.ssh/known_hosts`)
})

test('the first value that fits counts, keys add up, what was typed comes before all', async () => {
  const config = `
# a comment
Host web-* !web-secret   # and another
  HostName=%h.example.com
  User "some one"
  Port 2222
  IdentityFile ~/.ssh/web
Host *
  User nobody
  Port 22
  IdentityFile %d/keys/\${TEAM}-%r
  IdentitiesOnly yes
  HashKnownHosts yes
  UserKnownHostsFile ~/known %d/known2
`
  const { hops, home } = await plan(config, { host: 'web-1' })
  expect(hops).toMatchObject([
    { host: 'web-1.example.com', user: 'some one', port: 2222, identitiesOnly: true, isHashed: true },
  ])
  expect(hops[0]?.identityFiles).toEqual([`${home}/.ssh/web`, `${home}/keys/blue-some one`])
  expect(hops[0]?.knownHostsFiles.slice(0, 2)).toEqual([`${home}/known`, `${home}/known2`])
  const typed = await plan(config, { host: 'web-1', user: 'me', port: 7, identityFile: '/k' })
  expect(typed.hops[0]).toMatchObject({ user: 'me', port: 7, identityFiles: ['/k'], identitiesOnly: true })
  const secret = await plan(config, { host: 'web-secret' })
  expect(secret.hops[0]).toMatchObject({ host: 'web-secret', user: 'nobody', port: 22 })
})

test('files that are included count where they stand, and only there', async () => {
  const files = {
    config: 'Include conf.d/*.conf\nHost a\n  Include only-a\nHost *\n  Port 99\n',
    'conf.d/1.conf': 'Host b\n  Port 11\n',
    'conf.d/2.conf': 'Host b c\n  Port 22\n  User two\n',
    'conf.d/.hidden.conf': 'Host *\n  Port 1\n',
    'only-a': 'User only\n',
  }
  const portOf = async (host: string) => (await plan(files, { host })).hops[0]
  expect(await portOf('b')).toMatchObject({ port: 11, user: 'two' })
  expect(await portOf('c')).toMatchObject({ port: 22, user: 'two' })
  expect(await portOf('a')).toMatchObject({ port: 99, user: 'only' })
  expect(await portOf('d')).toMatchObject({ port: 99, user: userInfo().username })
})

test('Match compares what can be compared and leaves the rest out', async () => {
  const config = `
Match originalhost x user root
  Port 1001
Match host *.example.com
  Port 1002
Match exec "true"
  Port 1003
Match all
  Port 1004
Host y
  HostName y.example.com
`
  const portOf = async (address: SshAddress) => (await plan(config, address)).hops[0]?.port
  expect(await portOf({ host: 'x', user: 'root' })).toBe(1001)
  expect(await portOf({ host: 'x', user: 'me' })).toBe(1004)
  expect(await portOf({ host: 'z.example.com' })).toBe(1002)
})

test('jump hosts are gone through in order, each with its own settings', async () => {
  const config = `
Host goal
  ProxyJump first,me@second:2200
Host first
  HostName 10.0.0.1
  User one
Host second
  User two
Host straight
  ProxyJump none
`
  const { hops } = await plan(config, { host: 'goal', user: 'root' })
  expect(hops.map(({ name }) => name)).toEqual(['one@10.0.0.1:22', 'me@second:2200', 'root@goal:22'])
  expect((await plan(config, { host: 'straight' })).hops).toHaveLength(1)
  await expect(plan('Host *\n ProxyJump round\n', { host: 'a' })).rejects.toMatchObject({
    code: 'ssh.config',
  })
})

test('an alias names the key, without the port', async () => {
  const { hops } = await plan('Host a\n HostKeyAlias the-cluster\n Port 2022\n', { host: 'a' })
  expect(hops[0]?.keyPlace).toEqual({ host: 'the-cluster', port: 22 })
})

test.each(['Host "a\n', '= 1\n'])('%j is told with its line', async (text) => {
  await expect(plan(`\n${text}`, { host: 'a' })).rejects.toMatchObject({
    code: 'ssh.config',
    facts: { line: 2 },
  })
})

test('an Include that includes itself ends', async () => {
  await expect(plan('Include config\n', { host: 'a' })).rejects.toMatchObject({ code: 'ssh.config' })
})

test('names without stars are offered', async () => {
  const home = await homeWith({ config: 'Host a b *.x\nInclude more\n', more: 'Host c !d\n' })
  expect(hostNames(await readConfig(home, '/nowhere'))).toEqual(['a', 'b', 'c'])
})

test.each([
  ['web1', ['web?'], true],
  ['web', ['web?'], false],
  ['a.b.c', ['*.c'], true],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', ['*a*a*a*a*a*a*a*a*b'], false],
  ['HOST', ['host'], true],
  ['x', ['*', '!x'], false],
  ['', ['*'], true],
  ['a*', ['a*'], true],
  ['ab', ['a**b'], true],
])('%j against %j is %s', (text, patterns, expected) => {
  expect(matchesAny(text, patterns)).toBe(expected)
})
