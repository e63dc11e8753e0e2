// What can be said after `npm start --`.

/**
 * @typedef {object} Options
 * @property {boolean} browser take the browser although Electron is there
 * @property {boolean} open false: only print the address
 * @property {number | undefined} port
 * @property {'vm' | undefined} machine `vm`: a machine of our own brings the engine
 * @property {boolean} yes install without asking
 * @property {boolean} help
 */

export const usage = `npm start -- [options]
  --browser    use a browser window although Electron is installed
  --no-open    open no window, print the address
  --port N     the port of the browser mode (else a free one)
  --machine vm run containers in a Linux VM: installs QEMU and build tools, builds
               the VM's image, starts the app and the VM in it
  --yes        install what is missing without asking`

/**
 * Reads the arguments. Throws an Error that names the first one it does not understand.
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  /** @type {Options} */
  const options = { browser: false, open: true, port: undefined, machine: undefined, yes: false, help: false }
  for (let n = 0; n < args.length; n++) {
    const [name, inline] = (args[n] ?? '').split(/=(.*)/s)
    if (name === '--port') options.port = readPort(inline ?? args[++n])
    else if (name === '--machine') options.machine = readMachine(inline ?? args[++n])
    else if (inline !== undefined) throw new Error(`Unknown option ${args[n]}`)
    else if (name === '--browser') options.browser = true
    else if (name === '--no-open') options.open = false
    else if (name === '--yes' || name === '-y') options.yes = true
    else if (name === '--help' || name === '-h') options.help = true
    else throw new Error(`Unknown option ${args[n]}`)
  }
  return options
}

/** @param {string | undefined} text */
function readMachine(text) {
  if (text !== 'vm') throw new Error(`--machine takes vm, not ${text ?? 'nothing'}`)
  return text
}

/** @param {string | undefined} text */
function readPort(text) {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text ?? '') || port < 1 || port > 65_535)
    throw new Error(`--port needs a number from 1 to 65535, not ${text ?? 'nothing'}`)
  return port
}
