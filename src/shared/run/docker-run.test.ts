import { expect, test } from 'vitest'
import type { MountSpec, PortSpec, RunSpec } from '../model/run-spec'
import { emptyRunSpec } from '../model/run-spec'
import { formatDockerRun } from './format-docker-run'
import { parseDockerRun } from './parse-docker-run'
import { quoteShell, splitShellWords } from './shell-words'

const parse = (text: string): RunSpec => {
  const { spec, problems } = parseDockerRun(text)
  expect(problems).toEqual([])
  return spec
}
const codes = (text: string): string[] => parseDockerRun(text).problems.map((p) => p.code)

test('a plain line has an image, a command and no problems', () => {
  expect(parse('docker run alpine echo -n "a b"')).toEqual({
    ...emptyRunSpec('alpine'),
    command: ['echo', '-n', 'a b'],
    detach: false,
  })
})

test('long, short, joined and equal-sign flags read alike', () => {
  const want = parse('docker run --detach --interactive --tty --publish 8080:80 --name web nginx')
  for (const line of [
    'docker run -d -i -t -p 8080:80 --name web nginx',
    'docker run -ditp 8080:80 --name=web nginx',
    'docker run -dit -p8080:80 --name "web" nginx',
    'docker run -dit -p=8080:80 --name=web -- nginx',
    '$ sudo docker container run -d=true --interactive=1 -t --publish=8080:80 --name=web nginx',
    'docker run -d \\\n  -it \\\n  -p 8080:80 `\n --name web ^\n nginx',
  ])
    expect(parse(line)).toEqual(want)
  expect(parse('docker run --rm=false nginx').autoRemove).toBe(false)
})

test('ports in every form', () => {
  const ports = (value: string): PortSpec[] => parse(`docker run -p ${value} x`).ports
  expect(ports('80')).toEqual([{ containerPort: 80, protocol: 'tcp' }])
  expect(ports('127.0.0.1::80/udp')).toEqual([{ containerPort: 80, hostIp: '127.0.0.1', protocol: 'udp' }])
  expect(ports("'[::1]:8080:80'")).toEqual([
    { containerPort: 80, hostPort: 8080, hostIp: '::1', protocol: 'tcp' },
  ])
  expect(ports('8000-8002:80-82')).toHaveLength(3)
  expect(ports('8000-8002:80-82')[2]).toEqual({ containerPort: 82, hostPort: 8002, protocol: 'tcp' })
  expect(ports('target=80,published=8080,protocol=udp')).toEqual([
    { containerPort: 80, hostPort: 8080, protocol: 'udp' },
  ])
  expect(ports('0:80')).toEqual([{ containerPort: 80, protocol: 'tcp' }])
  for (const bad of ['8000-8002:80', '0', '80/icmp', '70000:80', '80-70', 'abc', '[::1:80:80'])
    expect(codes(`docker run -p '${bad}' x`), bad).toEqual(['bad-value'])
})

test('mounts in every form', () => {
  const mounts = (flags: string): MountSpec[] => parse(`docker run ${flags} x`).mounts
  expect(mounts('-v /data')).toEqual([{ type: 'volume', source: '', target: '/data', readOnly: false }])
  expect(mounts('-v data:/data:ro')[0]).toMatchObject({ type: 'volume', source: 'data', readOnly: true })
  expect(mounts('-v /srv:/data:rw')[0]).toMatchObject({ type: 'bind', source: '/srv', target: '/data' })
  expect(mounts("-v 'C:\\x:/data'")[0]).toMatchObject({ type: 'bind', source: 'C:\\x', target: '/data' })
  expect(mounts('--tmpfs /run:ro,size=64m')[0]).toEqual({
    type: 'tmpfs',
    source: '',
    target: '/run',
    readOnly: true,
    tmpfsBytes: 64 * 1024 ** 2,
  })
  expect(mounts(`--mount 'type=bind,"source=/a,b",dst=/c,readonly'`)[0]).toEqual({
    type: 'bind',
    source: '/a,b',
    target: '/c',
    readOnly: true,
  })
  expect(codes('docker run -v ./here:/data x')).toEqual(['relative-path'])
  expect(codes('docker run -v ab:/data:z,nocopy x')).toEqual(['option-not-kept', 'option-not-kept'])
  expect(codes('docker run --mount type=bind,source=/a x')).toEqual(['bad-value'])
  expect(codes('docker run --mount type=npipe,source=/a,target=/b x')).toEqual(['bad-value'])
})

test('what the form cannot hold is reported with its token', () => {
  expect(parseDockerRun('docker run --gpus all --ulimit=nofile=1 --sig-proxy -a stdin x').problems).toEqual([
    { token: '--gpus all', code: 'flag-not-kept', facts: { flag: '--gpus', value: 'all' } },
    { token: '--ulimit=nofile=1', code: 'flag-not-kept', facts: { flag: '--ulimit', value: 'nofile=1' } },
    { token: '--sig-proxy', code: 'flag-not-kept', facts: { flag: '--sig-proxy' } },
    { token: '-a stdin', code: 'flag-not-kept', facts: { flag: '--attach', value: 'stdin' } },
  ])
  expect(codes('docker run -e PATH --env-file .env x')).toEqual(['env-from-shell', 'env-file'])
  expect(codes('docker run --toString 1 x')).toEqual(['unknown-flag'])
  expect(codes('docker run --constructor 1 x')).toEqual(['unknown-flag'])
  expect(codes('docker run -Z x')).toEqual(['unknown-flag'])
  expect(codes('docker -H tcp://a run x')).toEqual(['flag-not-kept'])
  expect(codes('docker run --network a --network b x')).toEqual(['flag-not-kept'])
  expect(codes('docker run --memory 5x --cpus=abc --restart=maybe --restart always:3 x')).toEqual([
    'bad-value',
    'bad-value',
    'bad-value',
    'bad-value',
  ])
})

test('shell features are reported and stay as typed', () => {
  const { spec, problems } = parseDockerRun('docker run -v "$PWD":/a -v ~/b:/c -e A=$(id) x | cat')
  expect(problems.map((p) => [p.code, p.token])).toEqual([
    ['shell-expansion', '$PWD'],
    ['shell-expansion', '~/b'],
    ['shell-expansion', '$(id)'],
    ['shell-operator', '| cat'],
  ])
  expect(spec.mounts.map((m) => [m.type, m.source])).toEqual([
    ['bind', '$PWD'],
    ['bind', '~/b'],
  ])
  expect(spec.env).toEqual([{ name: 'A', value: '$(id)' }])
  expect(codes('docker run x "abc')).toEqual(['unclosed-quote'])
  expect(codes('docker run x\ndocker run y')).toEqual(['shell-operator'])
  expect(codes('docker run x # a comment')).toEqual([])
})

test('what is no docker run says so', () => {
  expect(codes('')).toEqual(['not-a-run'])
  expect(codes('docker ps -a')).toEqual(['not-a-run'])
  expect(codes('rm -rf /')).toEqual(['not-a-run'])
  expect(codes('docker run -d')).toEqual(['no-image'])
  expect(codes('docker run -p')).toEqual(['missing-value', 'no-image'])
})

test('words are split by the quoting rules of POSIX', () => {
  const words = (text: string): readonly string[] => splitShellWords(text).words
  expect(words(`a 'b c' "d\\"e" f\\ g ''`)).toEqual(['a', 'b c', 'd"e', 'f g', ''])
  expect(words(`a"b"'c'd`)).toEqual(['abcd'])
  expect(words(`"\\n\\$x\\\\"`)).toEqual(['\\n$x\\'])
  expect(words('a#b #c')).toEqual(['a#b'])
  expect(words('a \\\r\n b')).toEqual(['a', 'b'])
  expect(words('cost $ 5')).toEqual(['cost', '$', '5'])
})

/** A small seeded generator: the same specs in every run. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const nasty = [
  'a',
  'b c',
  "it's",
  '"q"',
  '$HOME',
  '`id`',
  '\\',
  '\n',
  '가나',
  '#x',
  '~',
  '*',
  '',
  '-x',
  'a=b',
  '\t!',
]

function randomSpec(seed: number): RunSpec {
  const next = random(seed)
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T
  const maybe = <T>(make: () => T): T | undefined => (next(2) ? make() : undefined)
  const list = <T>(make: (i: number) => T): T[] => Array.from({ length: next(3) }, (_, i) => make(i))
  const text = (): string => pick(nasty) + pick(nasty)
  const flag = (): boolean => next(2) === 1
  const entrypoint = next(3) === 0 ? list(text).slice(0, 1).filter(Boolean) : undefined
  const port = maybe(() => 1 + next(65_535))
  const size = maybe(() => next(2 ** 31))
  const spec: RunSpec = {
    ...emptyRunSpec(pick(['nginx', 'docker.io/library/a:1', 'r.example:5000/x/y@sha256:' + 'a'.repeat(64)])),
    name: pick(['', 'web_1']),
    command: list(text),
    env: list((i) => ({ name: `N${i}`, value: text() })),
    labels: list((i) => ({ name: `l.${i}`, value: text() })),
    ports: list(() => ({
      containerPort: 1 + next(65_535),
      protocol: pick(['tcp', 'udp', 'sctp'] as const),
      ...(port !== undefined && { hostPort: port }),
      ...(flag() && { hostIp: pick(['127.0.0.1', '::1']) }),
    })),
    mounts: list((i) => randomMount(pick, i)),
    publishAll: flag(),
    network: pick(['', 'host', 'my-net']),
    networkAliases: list(() => pick(['db', 'cache'])),
    hostname: pick(['', 'box']),
    restart: pick([{ policy: 'no' }, { policy: 'always' }, { policy: 'on-failure', maxRetries: 3 }] as const),
    autoRemove: flag(),
    user: pick(['', '1000:1000']),
    workdir: pick(['', '/a b']),
    tty: flag(),
    stdin: flag(),
    init: flag(),
    privileged: flag(),
    readOnly: flag(),
    capAdd: list(() => 'NET_ADMIN'),
    capDrop: list(() => 'ALL'),
    securityOpt: list(() => 'seccomp=unconfined'),
    devices: list(() => '/dev/null:/dev/x:r'),
    extraHosts: list(() => pick(['a:1.2.3.4', 'b:host-gateway', 'c:::1'])),
    dns: list(() => '1.1.1.1'),
    stopSignal: pick(['', 'SIGINT']),
    platform: pick(['', 'linux/arm64']),
    detach: flag(),
  }
  if (entrypoint) spec.entrypoint = entrypoint
  if (size !== undefined)
    Object.assign(spec, { memoryBytes: size, shmBytes: size * 1024, stopTimeoutS: size })
  if (flag()) spec.cpus = next(1000) / 100
  if (flag())
    spec.health = flag()
      ? { command: '', disable: true }
      : { command: 'curl -f "x" || exit 1', disable: false, intervalS: next(1e6) / 1000, retries: next(9) }
  return spec
}

function randomMount(pick: <T>(items: readonly T[]) => T, i: number): MountSpec {
  const type = pick(['bind', 'volume', 'tmpfs'] as const)
  const source = {
    bind: ['/srv/x', '/a:b', '/with,comma', '/sp ace', 'C:\\data'],
    volume: ['', 'data'],
    tmpfs: [''],
  }
  const mount = { type, source: pick(source[type]), target: pick(['/t', '/t:x', '/t,y', '/t z']) + i }
  return {
    ...mount,
    readOnly: pick([true, false]),
    ...(type === 'tmpfs' && pick([true, false]) && { tmpfsBytes: pick([64 * 1024 ** 2, 1000]) }),
  }
}

test('1,000 specs come back from their own text', () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const spec = randomSpec(seed)
    for (const multiline of [false, true]) {
      const text = formatDockerRun(spec, { multiline })
      const back = parseDockerRun(text)
      expect(back.problems, text).toEqual([])
      expect(back.spec, text).toEqual(spec)
    }
  }
})

test('any word survives quoting', () => {
  for (const a of nasty)
    for (const b of nasty) expect(splitShellWords(`x ${quoteShell(a + b)}`).words).toEqual(['x', a + b])
})

test('the text is as short as it can be', () => {
  const spec: RunSpec = {
    ...emptyRunSpec('nginx'),
    memoryBytes: 512 * 1024 ** 2,
    cpus: 1.5,
    ports: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' }],
    health: { command: 'true', disable: false, intervalS: 90 },
    entrypoint: ['sh', '-c'],
    command: ['echo hi'],
  }
  expect(formatDockerRun(spec)).toBe(
    "docker run -d -p 8080:80 -m 512m --cpus 1.5 --health-cmd true --health-interval 1m30s --entrypoint sh nginx -c 'echo hi'",
  )
})

test('hostile text ends in a moment and never throws', () => {
  for (const text of [
    '$('.repeat(50_000),
    "'".repeat(99_999),
    `docker run ${'-e A=1 '.repeat(5000)} x`,
    '\0\\',
  ])
    expect(() => parseDockerRun(text)).not.toThrow()
})
