// A program that answers as QEMU does where Slipway looks: `--version`, `-device help`, QMP, marks on the console,
// a disk that only one may have, a state that goes out and comes in. What goes wrong is told it by a file.
import {
  existsSync,
  linkSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  appendFileSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'

const args = process.argv.slice(2)
const planPath = process.env.FAKE_QEMU_PLAN ?? ''

/** Which faults to play, and what to do next: see `QemuPlan`. */
const plan = () => {
  try {
    return JSON.parse(readFileSync(planPath, 'utf8'))
  } catch {
    return {}
  }
}

if (args[0] === '--version') {
  console.log(`QEMU emulator version ${plan().version ?? '7.2.0'}`)
  process.exit(0)
}
if (args[0] === '-device') {
  console.log('name "virtio-blk-pci", bus PCI\nname "virtio-balloon-pci", bus PCI')
  process.exit(0)
}

const greeting = {
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 0 }, package: 'fake' }, capabilities: ['oob'] },
}
const valueOf = (flag) => args[args.indexOf(flag) + 1]
const isProbe = args.includes('stdio')
const refused = plan().refuse?.find((flag) => args.join(' ').includes(flag))
if (refused) {
  console.error(`qemu-system-x86_64: ${refused} is not supported`)
  process.exit(1)
}

const chardevs = args.flatMap((arg, at) => (args[at - 1] === '-chardev' ? [arg] : []))
const pathOf = (id) => /path=([^,]*)/.exec(chardevs.find((arg) => arg.includes(`id=${id}`)) ?? '')?.[1] ?? ''
const consolePath = pathOf('console')
const isIncoming = args.includes('-incoming')
const disk = args
  .map((arg) => (arg.startsWith('{') ? JSON.parse(arg) : {}))
  .find((b) => b['node-name'] === 'data')
const diskPath = disk?.file.filename
const lockPath = `${diskPath}.fake-lock`

let status = isIncoming ? 'inmigrate' : 'running'
let migration
/** The road of a state that goes out. */
let outgoing
const forwards = []
const clients = new Set()
/** One is served at a time: the others are not even greeted. */
const waiting = []

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function takeDisk() {
  // Linked, so that nobody ever sees a lock without its holder.
  const ours = `${lockPath}.${process.pid}`
  writeFileSync(ours, String(process.pid))
  process.on('exit', () => rmSync(ours, { force: true }))
  for (let tries = 0; tries < 3; tries++) {
    try {
      linkSync(ours, lockPath)
      process.on('exit', () => rmSync(lockPath, { force: true }))
      return
    } catch {
      const holder = Number(readFileSync(lockPath, 'utf8'))
      if (holder > 0 && isAlive(holder)) break
      rmSync(lockPath, { force: true })
    }
  }
  console.error('qemu-system-x86_64: Failed to get "write" lock')
  process.exit(1)
}

const say = (text) => appendFileSync(consolePath, text)
const event = (name, data) => {
  const line = JSON.stringify({ event: name, data, timestamp: { seconds: 1, microseconds: 0 } })
  for (const client of clients) client.write(`${line}\r\n`)
}
const end = (reason) => {
  event('SHUTDOWN', { guest: true, reason })
  setTimeout(() => process.exit(0), 10)
}

function panic() {
  say('[    9.1] Kernel panic - not syncing: sysrq triggered crash\r\n[    9.2] Call Trace:\r\n')
  end('guest-reset')
}

const doings = {
  panic,
  down: () => {
    say('slipway: down 99.0\r\n')
    end('guest-shutdown')
  },
  'io-error': () => {
    status = 'io-error'
    event('BLOCK_IO_ERROR', { device: '', action: 'stop', operation: 'write', nospace: true })
    event('STOP')
  },
}

/** One thing after the other, each once: `do` in the plan grows. What stood there at the start was another's to do. */
let done = plan().do?.length ?? 0
function lookAtPlan() {
  const all = plan().do ?? []
  for (; done < all.length; done++) {
    const what = all[done]
    if (what.startsWith('say ')) say(`${what.slice(4)}\r\n`)
    else doings[what]()
  }
}

/** Counts the starts of this test, so that a fault may hit the first ones only. */
function startNumber() {
  const path = `${planPath}.starts`
  const number = existsSync(path) ? statSync(path).size + 1 : 1
  appendFileSync(path, '.')
  return number
}

/** What ends a boot half-way: a reset, which `-no-reboot` makes an end; a panic; the process itself. */
const falling = {
  reset: () => {
    say('SeaBIOS (version 1.16.2)\r\n')
    end('guest-reset')
  },
  panic,
  killed: () => process.kill(process.pid, 'SIGKILL'),
}

/** Guests come to no mark before somebody holds the control socket: their kernels take longer than that. */
function whenControlled(step) {
  const timer = setInterval(() => {
    if (clients.size === 0) return
    clearInterval(timer)
    setTimeout(step, 200)
  }, 20)
}

function boot() {
  const { silentStarts = 0, stopAtMark, fall } = plan()
  const number = startNumber()
  if (number <= silentStarts) return
  const falls = fall && number <= fall.starts ? fall : undefined
  if (falls?.after === 'firmware') return whenControlled(falling[falls.how])
  for (const mark of ['init', 'pid1', 'sshd', 'disk', 'engine']) {
    if (mark === stopAtMark) return
    say(`slipway: ${mark} 1.0\r\n`)
    if (mark === falls?.after) return whenControlled(falling[falls.how])
  }
}

const hmp = (line) => {
  const add = /^hostfwd_add net0 (tcp|udp):([\d.]+):(\d+)-:(\d+)$/.exec(line)
  if (add) {
    const [, protocol, address, port, guestPort] = add
    if (plan().busyPorts === 'all' || forwards.some((f) => f.port === port))
      return `could not set up host forwarding rule '${line.split(' ')[2]}'\r\n`
    forwards.push({ protocol, address, port, guestPort })
    return ''
  }
  const remove = /^hostfwd_remove net0 (tcp|udp):([\d.]+):(\d+)$/.exec(line)
  if (remove) {
    const at = forwards.findIndex((f) => f.port === remove[3])
    forwards.splice(at, at < 0 ? 0 : 1)
    return `host forwarding rule for ${remove[1]} ${at < 0 ? 'not found' : 'removed'}\r\n`
  }
  const rows = forwards.map(
    (f) =>
      `  ${f.protocol.toUpperCase()}[HOST_FORWARD]  12       ${f.address} ${f.port}       10.0.2.15    ${f.guestPort}     0     0`,
  )
  return [
    'Hub -1 (net0):',
    '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ',
    ...rows,
    '',
  ].join('\r\n')
}

function sendState(uri) {
  if (plan().suspendFails) {
    migration = { status: 'failed', 'error-desc': 'State blocked' }
    return
  }
  migration = { status: 'active' }
  outgoing = connect(uri.replace(/^unix:/, ''))
  outgoing.on('error', () => undefined)
  outgoing.on('close', () => {
    if (migration.status === 'active') migration = { status: 'failed', 'error-desc': 'Broken pipe' }
  })
  if (plan().suspendStalls === 'at-end') status = 'finish-migrate'
  if (plan().suspendStalls) return void outgoing.write('a part of the state')
  outgoing.end(`state of ${args.join(' ').length} ${'x'.repeat(200_000)}`, () => {
    migration = { status: 'completed' }
    status = 'postmigrate'
  })
}

function receiveState(uri) {
  migration = { status: 'active' }
  const server = createServer((socket) => {
    socket.resume()
    socket.on('close', () => {
      server.close()
      if (plan().loadStalls) return
      migration = plan().loadFails
        ? { status: 'failed', 'error-desc': 'bad section' }
        : { status: 'completed' }
      if (!plan().loadFails) status = 'paused'
      else setTimeout(() => process.exit(1), 20)
    })
  })
  server.listen(uri.replace(/^unix:/, ''))
}

const commands = {
  qmp_capabilities: () => ({}),
  'query-status': () => ({ status, running: status === 'running' }),
  'query-migrate': () => migration ?? {},
  'migrate-set-parameters': () => ({}),
  migrate: ({ uri }) => sendState(uri) ?? {},
  'migrate-incoming': ({ uri }) => receiveState(uri) ?? {},
  migrate_cancel: () => {
    if (migration?.status === 'active') migration = { status: 'cancelled' }
    if (status === 'finish-migrate') status = 'paused'
    outgoing?.destroy()
    return {}
  },
  stop: () => {
    status = 'paused'
    event('STOP')
    return {}
  },
  cont: () => {
    if (status === 'finish-migrate') throw new Error('Migration is not finalized yet')
    status = 'running'
    event('RESUME')
    return {}
  },
  quit: () => {
    event('SHUTDOWN', { guest: false, reason: 'host-qmp-quit' })
    setTimeout(() => process.exit(0), 10)
    return {}
  },
  system_powerdown: () => {
    if (!plan().ignoresButton) doings.down()
    return {}
  },
  block_resize: ({ size }) => {
    truncateSync(diskPath, size)
    return {}
  },
  'human-monitor-command': (a) => hmp(a['command-line']),
}

function answerTo({ execute, arguments: given = {} }) {
  const command = commands[execute]
  if (!command)
    return { error: { class: 'CommandNotFound', desc: `The command ${execute} has not been found` } }
  try {
    return { return: command(given) }
  } catch (error) {
    return { error: { class: 'GenericError', desc: error.message } }
  }
}

function serve(input, output) {
  output.write(`${JSON.stringify(greeting)}\r\n`)
  let rest = ''
  input.setEncoding('utf8')
  input.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines.filter((each) => each.trim() !== '')) {
      const asked = JSON.parse(line)
      output.write(`${JSON.stringify({ ...answerTo(asked), id: asked.id })}\r\n`)
    }
  })
}

if (isProbe) {
  if (!plan().hangsAtProbe) serve(process.stdin, process.stdout)
  else setInterval(() => undefined, 1000)
} else {
  if (disk) takeDisk()
  writeFileSync(valueOf('-pidfile'), `${process.pid}\n`)
  const socketPath = pathOf('qmp')
  rmSync(socketPath, { force: true })
  const take = (socket) => {
    clients.add(socket)
    socket.on('close', () => {
      clients.delete(socket)
      const next = waiting.shift()
      if (next) take(next)
    })
    serve(socket, socket)
  }
  createServer((socket) => {
    socket.on('error', () => undefined)
    if (clients.size === 0) take(socket)
    else waiting.push(socket)
  }).listen(socketPath, () => {
    if (!isIncoming) boot()
    setInterval(lookAtPlan, 20)
  })
}
