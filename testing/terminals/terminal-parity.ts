import { pathPart, type EngineClient } from '../../src/main/core/engine/engine'
import { agentBinary } from '../agent/agent-binary'
import { connectAgent, type AgentClient } from '../../src/main/core/agent/agent-client'
import { childRoad, type AgentRoad } from '../../src/main/core/agent/road'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { TerminalLab } from './terminal-lab'

/** An agent as core's child, or on another road. */
export const startAgent = async (road: AgentRoad = childRoad(agentBinary())): Promise<AgentClient> =>
  connectAgent(await road.open(new AbortController().signal))

/** Terminals that one agent opens. */
export const labWithAgent = (engine: EngineClient, container: string, agent: AgentClient): TerminalLab =>
  new TerminalLab(engine, container, (_, method) =>
    agent.hello.features.includes(method) ? agent : undefined,
  )

/**
 * All that a program can see of how it was started. What differs between any two processes is left out: numbers
 * of processes, sizes, times. `Speculation` lines show flags of the filter.
 */
const askAll = `
grep -E '^(Umask|Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Speculation|SigBlk|SigIgn|SigCgt|Cpus_allowed|Mems_allowed|THP)' /proc/self/status
echo umask $(umask); echo cwd $(pwd); echo tty $(tty | sed 's/[0-9]*$//')
for n in ipc mnt net pid pid_for_children user uts cgroup time; do readlink /proc/self/ns/$n; done
cat /proc/self/cgroup; cat /proc/self/oom_score_adj; cat /proc/self/limits
cat /proc/self/attr/current 2>/dev/null; cat /proc/self/loginuid 2>/dev/null
env | grep -v '^\\(SLIPWAY_TERMINAL\\|SHLVL\\|PWD\\|OLDPWD\\|_\\)=' | sort
stty -a | grep -v speed; ls -ln $(tty) | awk '{print $1, $3, $4}'
for f in /proc/self/fd/*; do readlink $f; done 2>/dev/null | grep -v '^/proc' | sed 's/[][0-9]*$//' | sort | uniq -c
echo outside $(awk '{print ($4==0)}' /proc/$$/stat); echo session $(awk '{print ($1==$5) ($1==$6) ($7>0)}' /proc/$$/stat)
grep -o '_ses.*' /proc/keys 2>/dev/null | sed 's/: .*//' | sort -u
mkdir -p /tmp/x 2>&1; mknod /tmp/x/n$$ c 1 3 2>&1 | sed 's/x.n[0-9]*//'; unshare -m true 2>&1; unshare -U true 2>&1; mount -t tmpfs none /tmp/x 2>&1; dmesg 2>&1 | head -c 20; hostname x 2>&1
`

/** What a program sees of itself on one road. */
export async function selfPortrait(lab: TerminalLab, opening: { user?: string } = {}): Promise<string[]> {
  const session = await lab.open({ shell: 'sh', ...opening })
  const view = lab.attach(session.id)
  // A shell's line editor takes no more than a thousand characters: the questions go into a file.
  view.type('stty -echo; echo be""gin; cat > /tmp/ask$$\r')
  await view.shows('begin')
  view.type(`${askAll.trim()}\n\u0004`)
  view.type('. /tmp/ask$$; echo all-""told\r')
  await view.shows('all-told')
  await lab.close(session.id)
  const text = view.text.slice(view.text.indexOf('begin') + 'begin'.length, view.text.indexOf('all-told'))
  return text
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** A container of its own making, started; the caller removes it. */
export async function startSpecial(engine: EngineClient, image: string, body: object): Promise<string> {
  const made = await engine.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: { Image: image, Cmd: ['sleep', '1000000'], Tty: false, ...body },
  })
  await engine.json({ method: 'POST', path: `/containers/${made.Id}/start` })
  await waitFor(
    async () =>
      (await engine.json<{ State: { Running: boolean } }>({ path: `/containers/${pathPart(made.Id)}/json` }))
        .State.Running,
    { timeoutMs: 20_000, what: 'a container' },
  )
  return made.Id
}
