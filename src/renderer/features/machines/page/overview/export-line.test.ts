import { expect, test } from 'vitest'
import { exportLine } from './export-line'

test('the line can be pasted whatever is in the path', () => {
  expect(exportLine({ socketPath: '/run/user/1000/slipway/vm/docker.sock' })).toBe(
    'export DOCKER_HOST=unix:///run/user/1000/slipway/vm/docker.sock',
  )
  expect(exportLine({ socketPath: "/Users/Ann's Mac/docker.sock" })).toBe(
    `export DOCKER_HOST='unix:///Users/Ann'\\''s Mac/docker.sock'`,
  )
})

test('a named pipe is written as PowerShell and docker take it', () => {
  expect(exportLine({ socketPath: '\\\\.\\pipe\\slipway-vm' })).toBe(
    "$env:DOCKER_HOST = 'npipe:////./pipe/slipway-vm'",
  )
})
