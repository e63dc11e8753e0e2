/** Where the engine of a remote host is, as the person who logs in may reach it. */
import { AppError, isCode } from '../../../../shared/errors'
import { log } from '../../platform/log'
import type { SshLink } from './ssh-tools'

export type EngineRoad =
  | { readonly kind: 'socket'; readonly path: string }
  /** The docker program of the host carries the bytes: where sockets are not forwarded. */
  | { readonly kind: 'stdio' }

export const stdioCommand = ['docker', 'system', 'dial-stdio'] as const

const usualSockets = ['/var/run/docker.sock', '/run/podman/podman.sock']
/** How many answers of the look around are believed. */
const maxFound = 20

/** One line for each socket, `ok` or `no` by our rights; no quotes and no line ends, for the sake of odd login shells. */
const script = [
  'r=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}',
  'for p in ${DOCKER_HOST#unix://} /var/run/docker.sock $r/docker.sock $HOME/.docker/run/docker.sock $HOME/.colima/default/docker.sock $HOME/.orbstack/run/docker.sock $r/podman/podman.sock /run/podman/podman.sock',
  'do if [ -S $p ]',
  'then if [ -w $p ]',
  'then echo ok $p',
  'else echo no $p',
  'fi',
  'fi',
  'done',
  'command -v docker >/dev/null 2>&1 && echo cli',
  'true',
].join('; ')
/** Tries what is there, best first. Throws `ssh.no-engine`, or why the link failed. */
export async function findEngineRoad(link: SshLink, signal: AbortSignal): Promise<EngineRoad> {
  const found = await look(link, signal)
  for (const path of found.open) if (await canOpen(link, path, signal)) return { kind: 'socket', path }
  const { name } = link
  const detail = found.hasCli ? await whyNot(link, signal) : ''
  if (detail === undefined) {
    log.info('ssh', 'no socket can be forwarded: docker system dial-stdio', { name })
    return { kind: 'stdio' }
  }
  const facts = {
    name,
    tried: [...found.open, ...found.closed].join(' ') || usualSockets.join(' '),
    ...(detail && { detail }),
    ...(found.closed.length > 0 && { command: 'sudo usermod -aG docker "$USER"' }),
  }
  throw new AppError('ssh.no-engine', `No engine was found on ${name}`, { facts })
}

/** Whether the docker program of the host reaches an engine: `undefined` when it does, else its words. */
async function whyNot(link: SshLink, signal: AbortSignal): Promise<string | undefined> {
  const ran = await link.run({ argv: ['docker', 'version', '--format', 'ok'], timeoutMs: 10_000 }, signal)
  return ran.code === 0 ? undefined : ran.stderr.trim().slice(0, 500)
}

interface LookedAt {
  readonly open: readonly string[]
  readonly closed: readonly string[]
  readonly hasCli: boolean
}

async function look(link: SshLink, signal: AbortSignal): Promise<LookedAt> {
  const blind: LookedAt = { open: usualSockets, closed: [], hasCli: false }
  const ran = await link
    .run({ argv: ['sh', '-c', script], timeoutMs: 10_000 }, signal)
    .catch((error: unknown) => {
      if (isCode(error, 'tunnel.lost') || signal.aborted) throw error
      // Accounts that may only forward: the usual places are tried unseen.
      return undefined
    })
  if (ran?.code !== 0) {
    const asked = await link
      .run({ argv: ['docker', '--version'], timeoutMs: 10_000 }, signal)
      .catch(() => undefined)
    return { ...blind, hasCli: asked?.code === 0 }
  }
  const lines = ran.stdout.split('\n').slice(0, maxFound)
  const paths = (mark: string): string[] => [
    ...new Set(lines.filter((line) => line.startsWith(`${mark} /`)).map((line) => line.slice(3))),
  ]
  return { open: paths('ok'), closed: paths('no'), hasCli: lines.includes('cli') }
}

async function canOpen(link: SshLink, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    const stream = await link.dialUnix(path, signal)
    stream.destroy()
    return true
  } catch (error) {
    if (!isCode(error, 'tunnel.refused', 'tunnel.forbidden')) throw error
    return false
  }
}
