import { mkdir, readlink, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { labSettings, MachineLab } from '../../../../testing/vm/machine-lab'
import { DefaultLinks } from './default-links'
import { ownSockets } from './vm-parts'

let lab: MachineLab
let link: string
let links: DefaultLinks

beforeEach(() => {
  lab = new MachineLab()
  link = join(lab.dir, 'docker.sock')
  links = new DefaultLinks({ link, ownFolder: ownSockets(lab.paths) })
})
afterEach(() => lab.close())

test('each machine knows where the link leads, and hears of what others did to it', async () => {
  const machines = await lab.open()
  const one = await machines.create(labSettings)
  const two = await machines.create({ ...labSettings, name: 'two' })
  let told = 0
  machines.onChanged(() => told++)
  await links.refresh(machines)
  expect([links.of(one.id), links.of(two.id)]).toEqual(Array(2).fill({ path: link, state: 'absent' }))
  await links.set(one, true)
  await links.refresh(machines)
  expect([links.of(one.id)?.state, links.of(two.id)?.state]).toEqual(['ours', 'other'])
  expect(await readlink(link)).toBe(one.files.paths.engineSocket)
  const before = told
  await links.refresh(machines)
  expect(told).toBe(before)
  await links.set(one, false)
  await mkdir(join(lab.dir, 'theirs'))
  await symlink(join(lab.dir, 'theirs', 'docker.sock'), link)
  await links.refresh(machines)
  expect(links.of(two.id)?.state).toBe('foreign')
  expect(told).toBeGreaterThan(before)
})

test('Windows has a pipe there, and no links', async () => {
  const windows = new DefaultLinks({ link, ownFolder: lab.dir, platform: 'win32' })
  const machine = await lab.machine()
  await windows.refresh(await lab.open())
  expect(windows.of(machine.id)).toBeUndefined()
})
