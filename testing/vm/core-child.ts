// A core in a process of its own, to be killed: starts the machine of its folder and says so; SIGUSR2 suspends it.
import { RealLab } from './real-lab'

const [, , dir = '', machine = ''] = process.argv

async function main(): Promise<void> {
  const lab = new RealLab(dir)
  await lab.open()
  await lab.call('machines.start', { machine })
  process.on('SIGUSR2', () => {
    lab.call('machines.stop', { machine, how: 'suspend' }).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
    })
  })
  process.stdout.write('up\n')
  // Lives until it is killed.
  setInterval(() => undefined, 60_000)
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
