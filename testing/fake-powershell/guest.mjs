// The guest of a fake Hyper-V: `guest.mjs PIPE VM_FILE cold|resume`. It speaks at its serial port, powers off at
// SIGTERM, and says beside the VM's file that it did: the file itself is the cmdlets' to write. Plain JavaScript: it is started by every fake VM, often.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

const [, , pipe, vmFile, way] = process.argv
const words = (process.env['FAKE_GUEST'] ?? '').split(' ')
rmSync(pipe, { force: true })

/** A serial port has no memory: who is not there misses it. Only what was said before the first reader is kept. */
let early = ''
let reader
const say = (line) => {
  if (reader) reader.write(`${line}\r\n`)
  else early += `${line}\r\n`
}

createServer((socket) => {
  // One reader at a time, as a pipe of one instance has.
  if (reader) return socket.destroy()
  reader = socket
  socket.on('error', () => undefined)
  socket.on('close', () => (reader = undefined))
  socket.write(early)
  early = ''
}).listen(pipe)

const vm = JSON.parse(readFileSync(vmFile, 'utf8'))
if (way === 'cold') {
  say(`fake guest: ${vm.settings.Count} cpus, ${vm.disks.map(({ place }) => place).join(' ')}`)
  for (const mark of ['init', 'pid1']) say(`slipway: ${mark} 0.5`)
  if (!words.includes('mute')) say('slipway: address 172.20.0.5 1.5')
  for (const mark of ['sshd', 'disk', 'engine']) say(`slipway: ${mark} 2.5`)
} else say('fake guest: goes on')

process.on('SIGTERM', () => {
  if (words.includes('deaf')) return say('fake guest: the button was pressed')
  say('slipway: down 9.5')
  writeFileSync(`${vmFile}.down-${process.pid}`, '')
  rmSync(pipe, { force: true })
  setTimeout(() => process.exit(0), 20)
})
