import { expect, test } from 'vitest'
import type { RunSpec } from '../model/run-spec'
import { emptyRunSpec } from '../model/run-spec'
import { checkRunSpec } from './check-run-spec'
import { specToCreateBody } from './create-body'
import { parseDockerRun } from './parse-docker-run'
import { specFromInspect } from './spec-from-inspect'

const problems = (line: string): string[] =>
  checkRunSpec(parseDockerRun(`docker run ${line}`).spec).map((p) => `${p.path} ${p.code}`)
const of = (more: Partial<RunSpec>): string[] =>
  checkRunSpec({ ...emptyRunSpec('x'), ...more }).map((p) => `${p.path} ${p.code}`)

test('a good spec has no problem', () => {
  expect(
    problems(
      '-d --name web -p 127.0.0.1:80:80 -p 127.0.0.2:80:80 -v data:/d -v /a:/b --network n --network-alias a ' +
        '-h box.example --add-host a:host-gateway --dns ::1 -m 6m --cpus 0.5 --device /dev/null:/dev/x:r ' +
        `--cap-add NET_ADMIN --platform linux/arm/v7 sha256:${'a'.repeat(64)}`,
    ),
  ).toEqual([])
})

test.each([
  ['Nginx', 'image reference.uppercase'],
  ['-p 80:80 -p 127.0.0.1:80:81 x', 'ports.1.hostPort port.duplicate'],
  ['-p 1.2.3:80:80 x', 'ports.0.hostIp port.ip'],
  ['--network host -p 80:80 x', 'ports port.network-mode'],
  ['--network container:a -h b x', 'hostname network.hostname'],
  ['--network-alias a x', 'networkAliases network.alias'],
  ['-v /a:/ x', 'mounts.0.target mount.target'],
  ['-v /a:/b -v ab:/b/ x', 'mounts.1.target mount.target-duplicate'],
  ['-v ./a:/b x', 'mounts.0.source mount.source-relative'],
  ['-v a:/b x', 'mounts.0.source mount.volume-name'],
  ['--mount type=bind,target=/b x', 'mounts.0.source mount.source-missing'],
  ['--name a/b x', 'name name.bad'],
  ['-h -a x', 'hostname hostname.bad'],
  ['-w rel x', 'workdir workdir.relative'],
  ['--rm --restart always x', 'restart restart.auto-remove'],
  ['-m 5m x', 'memoryBytes memory.too-small'],
  ['--cpus 0.001 x', 'cpus cpus.bad'],
  ['--health-interval 10us x', 'health.intervalS health.time'],
  ['--cap-add A-B x', 'capAdd.0 capability.bad'],
  ['--device null x', 'devices.0 device.bad'],
  ['--add-host a:b x', 'extraHosts.0 host.bad'],
  ['--dns a x', 'dns.0 dns.bad'],
  ['--stop-signal "a b" x', 'stopSignal stop-signal.bad'],
  ['--platform Linux x', 'platform platform.bad'],
])('%s: %s', (line, problem) => {
  expect(problems(line)).toEqual([problem])
})

test('what no text can say is checked too', () => {
  expect(of({ env: [{ name: 'A=B', value: '\0' }] })).toEqual(['env.0.name env.name', 'env.0.value env.nul'])
  expect(of({ ports: [{ containerPort: 70_000, protocol: 'tcp' }] })).toEqual([
    'ports.0.containerPort port.range',
  ])
  expect(of({ restart: { policy: 'always', maxRetries: 1 } })).toEqual(['restart.maxRetries restart.retries'])
  expect(of({ command: ['a\0'] })).toEqual(['command.0 command.nul'])
})

test('a spec becomes what the docker command would send', () => {
  const { spec } = parseDockerRun(
    'docker run -dit --entrypoint "" -p 8080:80/udp -p 80 -v d:/d:ro -v /anon -v /a:/b --tmpfs /t:size=1m ' +
      '--network n --network-alias db --health-cmd true --health-interval 1m30s --cpus 1.5 --device /dev/null:r x',
  )
  expect(specToCreateBody(spec)).toMatchObject({
    Image: 'x',
    Entrypoint: [''],
    Tty: true,
    OpenStdin: true,
    ExposedPorts: { '80/udp': {}, '80/tcp': {} },
    Volumes: { '/anon': {} },
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 90e9, Timeout: 0, Retries: 0 },
    HostConfig: {
      Binds: ['d:/d:ro', '/a:/b'],
      Tmpfs: { '/t': 'size=1048576' },
      PortBindings: {
        '80/udp': [{ HostIp: '', HostPort: '8080' }],
        '80/tcp': [{ HostIp: '', HostPort: '' }],
      },
      NetworkMode: 'n',
      NanoCpus: 1.5e9,
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/null', CgroupPermissions: 'r' }],
    },
    NetworkingConfig: { EndpointsConfig: { n: { Aliases: ['db'] } } },
  })
})

test('what equals the image is not in the spec of its container', () => {
  const image = {
    Env: ['PATH=/bin'],
    Cmd: ['nginx'],
    Entrypoint: ['/entry'],
    Labels: { maintainer: 'x' },
    Volumes: { '/data': {} },
    WorkingDir: '/app',
    User: 'web',
    StopSignal: 'SIGQUIT',
    Healthcheck: { Test: ['CMD', 'true'] },
  }
  const id = 'b'.repeat(64)
  const container = {
    Id: id,
    Name: '/web',
    Config: { ...image, Image: 'nginx', Hostname: id.slice(0, 12), Env: ['A=1', 'PATH=/bin'] },
    HostConfig: { NetworkMode: 'default', ShmSize: 67_108_864, RestartPolicy: { Name: 'no' } },
  }
  expect(specFromInspect(container, image)).toEqual({
    ...emptyRunSpec('nginx'),
    name: 'web',
    env: [{ name: 'A', value: '1' }],
  })
})
