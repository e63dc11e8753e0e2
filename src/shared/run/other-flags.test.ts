import { expect, test } from 'vitest'
import { emptyRunSpec } from '../model/run-spec'
import type { InspectedContainer } from './engine-container'
import { formatDockerRun } from './format-docker-run'
import { otherFlags, otherNetworks } from './other-flags'
import { specFromInspect } from './spec-from-inspect'
import { parseDockerRun } from './parse-docker-run'

const id = 'a'.repeat(64)
type Change = Omit<Partial<InspectedContainer>, 'Id'>
const made = (change: Change): InspectedContainer => ({ Id: id, Config: {}, HostConfig: {}, ...change })
const flagsOf = (change: Change): string =>
  otherFlags(made(change))
    .map((flag) => flag.join(' '))
    .join(' ')
const ofHost = (HostConfig: InspectedContainer['HostConfig']): string => flagsOf({ HostConfig })

test('what the engine gives where nothing is said is left out', () => {
  // As Docker 26.1 tells a container of `docker run -m 64m busybox`.
  const HostConfig = {
    ...{
      Memory: 67108864,
      MemorySwap: 134217728,
      MemoryReservation: 0,
      OomKillDisable: false,
      OomScoreAdj: 0,
    },
    ...{
      LogConfig: { Type: 'json-file', Config: {} },
      IpcMode: 'private',
      PidMode: '',
      UTSMode: '',
      UsernsMode: '',
    },
    ...{ Runtime: 'runc', CgroupParent: '', CpuShares: 0, CpusetCpus: '', BlkioWeight: 0, PidsLimit: null },
    ...{ DnsOptions: [], DnsSearch: [], GroupAdd: null, Links: null, VolumesFrom: null, Ulimits: null },
    ...{ DeviceCgroupRules: null, DeviceRequests: null, NetworkMode: 'default' },
  }
  const NetworkSettings = { Networks: { bridge: { IPAMConfig: null, Aliases: null } } }
  expect(otherFlags(made({ Config: { Domainname: '' }, HostConfig, NetworkSettings }))).toEqual([])
})

test('nor what Podman gives', () => {
  const HostConfig = {
    ...{ Annotations: { 'io.container.manager': 'libpod', 'org.opencontainers.image.stopSignal': '15' } },
    ...{ Ulimits: [{ Name: 'RLIMIT_NOFILE', Soft: 1024, Hard: 1024 }], CgroupParent: 'user.slice' },
    ...{ LogConfig: { Type: 'journald', Config: null }, IpcMode: 'shareable', Runtime: 'oci', PidsLimit: 0 },
  }
  expect(otherFlags(made({ HostConfig }))).toEqual([])
  expect(ofHost({ Annotations: { team: 'core' }, IpcMode: 'none' })).toBe('--annotation team=core --ipc none')
})

test('limits, namespaces and kernel settings are told as docker run takes them', () => {
  const Ulimits = [{ Name: 'nofile', Soft: 1024, Hard: 2048 }]
  expect(ofHost({ Ulimits, Sysctls: { 'net.core.somaxconn': '256' } })).toBe(
    '--sysctl net.core.somaxconn=256 --ulimit nofile=1024:2048',
  )
  expect(ofHost({ Memory: 1, MemorySwap: -1, MemoryReservation: 2 * 1024 ** 3, MemorySwappiness: 0 })).toBe(
    '--memory-swap -1 --memory-reservation 2g --memory-swappiness 0',
  )
  expect(
    ofHost({ PidsLimit: 100, OomKillDisable: true, OomScoreAdj: -5, CpuShares: 512, CpusetCpus: '0-1' }),
  ).toBe('--oom-kill-disable --oom-score-adj -5 --pids-limit 100 --cpu-shares 512 --cpuset-cpus 0-1')
  expect(ofHost({ PidMode: 'host', IpcMode: 'container:abc', UTSMode: 'host', Runtime: 'nvidia' })).toBe(
    '--pid host --ipc container:abc --uts host --runtime nvidia',
  )
  expect(ofHost({ IpcMode: 'shareable', PidsLimit: -1 })).toBe('')
})

test('a mount keeps its options, and is told once', () => {
  const HostConfig = {
    Binds: ['/host:/plain:ro', '/host:/labelled:z', 'data:/data:nocopy'],
    Tmpfs: { '/plain': 'size=8m', '/tmp': 'size=8m,mode=1777' },
  }
  expect(ofHost(HostConfig)).toBe('-v /host:/labelled:z -v data:/data:nocopy --tmpfs /tmp:size=8m,mode=1777')
  const { mounts } = specFromInspect(made({ HostConfig, Config: { Volumes: { '/data': {} } } }))
  expect(mounts.map(({ type, target }) => `${type} ${target}`)).toEqual(['bind /plain', 'tmpfs /plain'])
})

test('logs, groups, devices and other containers', () => {
  expect(ofHost({ LogConfig: { Type: 'json-file', Config: { 'max-size': '5m' } } })).toBe(
    '--log-driver json-file --log-opt max-size=5m',
  )
  expect(ofHost({ LogConfig: { Type: 'local' }, GroupAdd: ['44'], VolumesFrom: ['data:ro'] })).toBe(
    '--group-add 44 --volumes-from data:ro --log-driver local',
  )
  expect(ofHost({ Links: ['/shop-db:/shop-web/db'] })).toBe('--link shop-db:db')
  const gpu = { Capabilities: [['gpu']] }
  expect(ofHost({ DeviceRequests: [{ ...gpu, Count: -1 }] })).toBe('--gpus all')
  expect(ofHost({ DeviceRequests: [{ ...gpu, DeviceIDs: ['0', '2'] }] })).toBe('--gpus "device=0,2"')
})

test('only addresses that were asked for are told', () => {
  const networks = (IPAMConfig: { IPv4Address: string } | null) => ({
    HostConfig: { NetworkMode: 'inner' },
    NetworkSettings: { Networks: { inner: { IPAMConfig } } },
  })
  expect(flagsOf(networks({ IPv4Address: '10.0.0.9' }))).toBe('--ip 10.0.0.9')
  expect(flagsOf(networks(null))).toBe('')
})

test('networks that were joined later are not lost', () => {
  const joined = (NetworkMode: string, ...names: string[]): string[] =>
    otherNetworks(
      made({
        HostConfig: { NetworkMode },
        NetworkSettings: { Networks: Object.fromEntries(names.map((name) => [name, {}])) },
      }),
    )
  expect(joined('default', 'bridge', 'back')).toEqual(['back'])
  expect(joined('front', 'back', 'front')).toEqual(['back'])
  expect(joined('host', 'host')).toEqual([])
})

test('they stand before the image, and a form names each as one that it has no field for', () => {
  const flags = otherFlags(made({ HostConfig: { PidsLimit: 9, GroupAdd: ['a b'] } }))
  const text = formatDockerRun(emptyRunSpec('busybox'), { flags })
  expect(text).toBe("docker run -d --group-add 'a b' --pids-limit 9 busybox")
  expect(parseDockerRun(text).problems.map(({ code, facts }) => [code, facts['flag']])).toEqual([
    ['flag-not-kept', '--group-add'],
    ['flag-not-kept', '--pids-limit'],
  ])
})
