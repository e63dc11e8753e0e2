/** A VPNKit that listens where it is told and gives nobody a network; it takes the options of the real one. */
import { createServer } from 'node:net'
import { rmSync } from 'node:fs'

const withValue = new Set([
  ...['ethernet', 'port', 'introspection', 'diagnostics', 'pcap', 'pcap-snaplen', 'max-connections'],
  ...['vsock-path', 'dns', 'http', 'hosts', 'host-names', 'gateway-names', 'vm-names', 'listen-backlog'],
  ...['port-max-idle-time', 'server-macaddr', 'domain', 'allowed-bind-addresses', 'gateway-ip', 'host-ip'],
  ...['lowest-ip', 'highest-ip', 'dhcp-path', 'mtu', 'udpv4-forwards', 'tcpv4-forwards', 'gateway-forwards'],
  ...['forwards', 'gc-compact', 'log-destination'],
])

/** Of Cmdliner: an unknown option ends the program with 124. */
function refuse(problem: string): never {
  process.stderr.write(
    `vpnkit: ${problem}\nUsage: vpnkit [OPTION]...\nTry \`vpnkit --help' for more information.\n`,
  )
  process.exit(124)
}

function readOptions(args: readonly string[]): Map<string, string> {
  const options = new Map<string, string>()
  for (let at = 0; at < args.length; at += 2) {
    const name = (args[at] as string).replace(/^--/, '')
    const value = args[at + 1]
    if (!args[at]?.startsWith('--') || !withValue.has(name)) refuse(`unknown option \`${args[at]}'.`)
    if (value === undefined) refuse(`option \`--${name}' needs an argument`)
    if (name.endsWith('-ip') && !/^\d+\.\d+\.\d+\.\d+$/.test(value))
      refuse(`option \`--${name}': invalid address`)
    options.set(name, value)
  }
  return options
}

const path = readOptions(process.argv.slice(2)).get('ethernet')
if (path === undefined) {
  process.stderr.write('Please provide an --ethernet argument\n')
} else {
  createServer((socket) => socket.on('error', () => undefined)).listen(path)
  process.on('SIGTERM', () => {
    rmSync(path, { force: true })
    process.exit(0)
  })
}
