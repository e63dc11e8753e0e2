/** What was made before a step failed goes again: each step fails once, as `ip` of a host in trouble does. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/main/core/platform/child'
import { makeNetNamespace } from '../ssh-host/net-namespace'
import { startTestEngine } from './start-engine'

let dir: string
const path = process.env['PATH'] ?? ''

beforeEach(() => {
  dir = mkdtempSync('/tmp/sl-ip-')
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(dir, { recursive: true })
})

/** From now on `ip` does everything but what holds these words, and notes what it was asked. */
async function ipFailsAt(words: string): Promise<void> {
  const real = (await run('which', ['ip'])).stdout.trim()
  const refuse = `case "$*" in *'${words}'*) echo refused >&2; exit 2;; esac`
  writeFileSync(
    join(dir, 'ip'),
    `#!/bin/sh\necho "$*" >> '${join(dir, 'asked')}'\n${refuse}\nexec ${real} "$@"\n`,
  )
  chmodSync(join(dir, 'ip'), 0o755)
  process.env['PATH'] = `${dir}${delimiter}${path}`
}

/** The tag of what was made, as it stands in this command. */
function tagIn(command: RegExp): string {
  const tag = command.exec(readFileSync(join(dir, 'asked'), 'utf8'))?.[1]
  if (tag === undefined) throw new Error(`ip was not asked for ${command}`)
  return tag
}

const left = async (tag: string): Promise<string[]> => {
  const links = (await run('ip', ['-br', 'link'])).stdout
  const spaces = (await run('ip', ['netns', 'list'])).stdout
  const said = [...links.split('\n'), ...spaces.split('\n'), ...readdirSync('/tmp')]
  return said.filter((line) => line.includes(tag))
}

test.each(['link add', 'addr add', 'link set lo up'])(
  'a network whose %s fails leaves nothing',
  async (words) => {
    await ipFailsAt(words)
    await expect(makeNetNamespace()).rejects.toThrow('refused')
    expect(await left(tagIn(/netns add slt-(\w+)/))).toEqual([])
  },
)

test.each(['addr replace', 'link set dev'])(
  'an engine whose bridge fails at %s leaves nothing',
  async (words) => {
    await ipFailsAt(words)
    await expect(startTestEngine()).rejects.toThrow('refused')
    expect(await left(tagIn(/link add name slt-(\w+)/))).toEqual([])
  },
)

test('an engine that does not start leaves nothing', async () => {
  await ipFailsAt('nothing at all')
  await expect(startTestEngine({ args: ['--no-such-flag'] })).rejects.toThrow('dockerd ended at its start')
  expect(await left(tagIn(/link add name slt-(\w+)/))).toEqual([])
})
