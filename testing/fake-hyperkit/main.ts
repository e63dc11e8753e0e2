/**
 * A HyperKit that boots no guest: it takes the same arguments, makes the same files, says what our guest says
 * on its serial port, powers off at the button, and answers at its vsock port. `FAKE_HYPERKIT` (words) changes
 * its guest: `deaf` ignores the button, `restarts` ends as after a restart, `silent` says nothing.
 */
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { ReadStream } from 'node:tty'
import nodePty from 'node-pty'
import { readCommandLine, Refusal, type HyperKitCommand } from './command-line'

const guest = new Set((process.env['FAKE_HYPERKIT'] ?? '').split(' '))
const say = (text: string): void => void process.stderr.write(`${text}\n`)

function main(): void {
  try {
    const command = readCommandLine(process.argv.slice(2))
    if (command === 'version') {
      say('hyperkit: v0.20210107\n\nHomepage: https://github.com/docker/hyperkit\nLicense: BSD\n')
      return
    }
    power(command)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    say(error.message)
    process.exitCode = error.code
  }
}

function power(command: HyperKitCommand): void {
  takePidFile(command.pidFile)
  const device = (driver: string) => [...command.slots.values()].filter((one) => one.driver === driver)
  for (const { options } of device('virtio-blk')) openDisk(options)
  for (const { options } of device('virtio-sock')) openForwards(options)
  const network = device('virtio-vpnkit')[0]?.options.find((option) => option.startsWith('path='))
  if (network) joinNetwork(network.slice(5), () => boot(command))
  else boot(command)
}

function takePidFile(path: string | undefined): void {
  if (path === undefined) return
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
  } catch {
    throw new Refusal(1, 'Failed to set up pidfile\npidfile error -1')
  }
  process.on('exit', () => rmSync(path, { force: true }))
}

/** A lock file stands in for `flock`, which Node has not. */
function openDisk([path = '', ...options]: readonly string[]): void {
  if (!existsSync(path)) throw new Refusal(1, 'Could not open backing file: No such file or directory')
  if (options.includes('ro')) return
  try {
    writeFileSync(`${path}.lock`, String(process.pid), { flag: 'wx' })
  } catch {
    throw new Refusal(1, 'Could not lock backing file: Resource temporarily unavailable')
  }
  process.on('exit', () => rmSync(`${path}.lock`, { force: true }))
}

/** HyperKit tries for ever; so do we. */
function joinNetwork(path: string, onJoined: () => void): void {
  const socket = connect(path, onJoined)
  socket.on('error', () => setTimeout(() => joinNetwork(path, onJoined), 100))
}

/** One socket for each forwarded port, and the short name beside it. Behind each is an echo. */
function openForwards(options: readonly string[]): void {
  const value = (name: string): string =>
    options.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const hex = (number: string): string => Number(number).toString(16).padStart(8, '0')
  const folder = value('path')
  if (!existsSync(folder)) throw new Refusal(1, 'failed to open connect socket')
  for (const port of value('guest_forwards')
    .split(';')
    .filter((one) => one !== '')) {
    const name = `${hex(value('guest_cid'))}.${hex(port)}`
    createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined)
      socket.write('SSH-2.0-fake\r\n')
      socket.pipe(socket)
    }).listen(`${folder}/${name}`)
    symlinkSync(name, `${folder}/guest.${hex(port)}`)
  }
}

function boot(command: HyperKitCommand): void {
  if (command.commandLine.includes('"')) throw new Refusal(1, 'a quote got into the command line')
  for (const path of [command.kernel, command.initrd]) if (path) readFileSync(path)
  const terminal = openTerminal()
  if (command.serial?.autopty) writeFileSync(command.serial.autopty, terminal.name)
  const tell = (line: string): void => {
    if (!guest.has('silent')) writeSync(terminal.fd, `${line}\r\n`)
  }
  // Before the first word: who has heard it may press the button.
  process.on('SIGTERM', () => {
    if (!command.hasAcpi) process.exit(143)
    if (guest.has('deaf')) return tell('fake guest: the button was pressed')
    tell('slipway: down 9.5')
    setTimeout(() => process.exit(guest.has('restarts') ? 2 : 0), 20)
  })
  tell(`fake guest: ${command.cpus} cpus, ${command.memoryMiB} MiB, ${command.commandLine}`)
  for (const [at, mark] of ['init', 'pid1', 'sshd', 'disk', 'engine'].entries())
    tell(`slipway: ${mark} ${at}.5`)
  setInterval(() => undefined, 60_000)
}

/** node-pty has this for its own use; its types say nothing of it. */
const { native } = nodePty as unknown as {
  native: { open(cols: number, rows: number): { master: number; slave: number; pty: string } }
}

/** Raw, as HyperKit makes it. Its other end is held here too, or the first reader who leaves would end it. */
function openTerminal(): { fd: number; name: string } {
  const { master, slave, pty } = native.open(80, 24)
  new ReadStream(slave).setRawMode(true)
  return { fd: master, name: pty }
}

main()
