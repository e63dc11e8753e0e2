import { expect, test } from 'vitest'
import type { PublishedPort } from '../../../shared/model'
import { hostOf, shownPorts } from './ports'

const tcp = (containerPort: number, hostPort?: number, hostIp?: string): PublishedPort => ({
  protocol: 'tcp',
  containerPort,
  ...(hostPort !== undefined && { hostPort }),
  ...(hostIp !== undefined && { hostIp }),
})

test('one port on IPv4 and IPv6 is shown once, published ones before exposed ones', () => {
  const shown = shownPorts([tcp(22), tcp(80, 8080, '0.0.0.0'), tcp(80, 8080, '::')], 'localhost')
  expect(shown).toEqual([
    { text: '8080:80', short: '8080:80', hostPort: 8080, url: 'http://localhost:8080/' },
    { text: '22/tcp', short: '22/tcp' },
  ])
})

test('a port bound to one address opens there, TLS ports with https', () => {
  expect(shownPorts([tcp(443, 8443, '127.0.0.1')], 'localhost')[0]).toEqual({
    text: '127.0.0.1:8443:443',
    short: '8443:443',
    hostPort: 8443,
    url: 'https://127.0.0.1:8443/',
  })
  expect(shownPorts([tcp(80, 81, '::1')], 'localhost')[0]?.url).toBe('http://[::1]:81/')
})

test('a remote engine opens at its own host, and its loopback opens nowhere', () => {
  expect(shownPorts([tcp(80, 8080, '0.0.0.0')], 'box.lan')[0]?.url).toBe('http://box.lan:8080/')
  expect(shownPorts([tcp(80, 8080, '127.0.0.1')], 'box.lan')[0]?.url).toBeUndefined()
})

test('udp is shown and not opened', () => {
  const shown = shownPorts([{ protocol: 'udp', containerPort: 53, hostPort: 5353 }], 'localhost')
  expect(shown).toEqual([{ text: '5353:53/udp', short: '5353:53/udp', hostPort: 5353 }])
})

test('the host of an address', () => {
  expect(hostOf('unix:///var/run/docker.sock')).toBe('localhost')
  expect(hostOf('tcp://box.lan:2376')).toBe('box.lan')
  expect(hostOf('tcp://[fe80::1]:2376')).toBe('fe80::1')
  expect(hostOf('ssh://me@box')).toBe('box')
})
