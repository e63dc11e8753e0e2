import { existsSync } from 'node:fs'
import net from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { labSettings, MachineLab } from '../../../../testing/vm/machine-lab'
import type { VmMachine } from '../machines/vm/vm-machine'
import type { VmMachines } from '../machines/vm/vm-machines'
import { waitFor } from '../platform/wait-for'
import { EngineSockets } from './engine-sockets'

let lab: MachineLab
let machines: VmMachines
let machine: VmMachine
let sockets: EngineSockets

beforeEach(async () => {
  lab = new MachineLab()
  machines = await lab.open()
  sockets = new EngineSockets(machines)
  machines.onChanged(() => sockets.sync())
  machine = await machines.create(labSettings)
  await machine.start()
})
afterEach(async () => {
  await sockets.close()
  await lab.close()
})

const path = (): string => machine.files.paths.engineSocket
const served = (): Promise<boolean> =>
  waitFor(() => existsSync(path()), { timeoutMs: 20_000, what: 'the socket' })

/** What `docker` does first; it waits for as long as it takes. */
const ping = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const client = net.connect(path(), () => client.write('GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n'))
    client.once('error', reject)
    client.once('data', (bytes) => {
      client.destroy()
      resolve(bytes.toString().split('\r\n')[0] ?? '')
    })
  })

test('a call on the socket of a machine that sleeps wakes it, once for all who call, and is answered', async () => {
  await machine.sleep()
  expect(machine.life.state).toMatchObject({ kind: 'stopped', isSuspended: true })
  await served()
  expect(new Set(await Promise.all(Array.from({ length: 20 }, ping)))).toEqual(new Set(['HTTP/1.1 200 OK']))
  expect(machine.describe()).toMatchObject({ state: { kind: 'running' }, boots: [{ way: 'resume' }, {}] })
  expect(lab.qemu.starts).toBe(1)
})

test('a call that comes while it falls asleep waits for both ways', async () => {
  await served()
  // Heard of, not looked for: it may be over between two looks.
  const falls = new Promise<void>((resolve) =>
    machine.life.onChanged(({ kind }) => kind === 'stopping' && resolve()),
  )
  const asleep = machine.sleep()
  await falls
  expect(await ping()).toBe('HTTP/1.1 200 OK')
  await asleep
  expect(machine.life.state.kind).toBe('running')
})

test('what a person suspended is not woken: there is no socket to call', async () => {
  await served()
  await machine.stop('suspend')
  await waitFor(() => !existsSync(path()), { timeoutMs: 20_000, what: 'the end of the socket' })
  await expect(ping()).rejects.toMatchObject({ code: 'ENOENT' })
  expect(machine.life.state.kind).toBe('stopped')
})
