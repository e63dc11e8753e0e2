import { afterEach, beforeEach, expect, test } from 'vitest'
import { TerminalLab } from '../../../../testing/terminals/terminal-lab'
import type { EngineClient } from '../engine/engine'

let lab: TerminalLab
beforeEach(() => {
  // Shells of the host ask no engine anything.
  lab = new TerminalLab({} as EngineClient, '')
})
afterEach(() => lab.end())

test('a host shell has the engine in its environment and nothing of ours', async () => {
  process.env['SLIPWAY_TOKEN'] = 'canary'
  process.env['ELECTRON_RUN_AS_NODE'] = '1'
  process.env['DOCKER_CONTEXT'] = 'elsewhere'
  try {
    const view = lab.attach((await lab.openHost()).id)
    view.type('env; stty size; echo e""nd\r')
    await view.shows(/\nend\r\n/)
    expect(view.text).toContain('DOCKER_HOST=unix:///run/slipway-test.sock')
    expect(view.text).toContain('TERM=xterm-256color')
    expect(view.text).toContain('24 80')
    expect(view.text).not.toMatch(/canary|ELECTRON_|DOCKER_CONTEXT|VITEST/)
    view.type('exit 5\r')
    await view.done
    expect(view.end).toEqual({ kind: 'ended', exitCode: 5 })
  } finally {
    delete process.env['SLIPWAY_TOKEN']
    delete process.env['ELECTRON_RUN_AS_NODE']
    delete process.env['DOCKER_CONTEXT']
  }
})

test('a host shell that ignores the hangup is killed', async () => {
  const { id } = await lab.openHost()
  const view = lab.attach(id)
  view.type("trap '' HUP; echo pid-$$-\r")
  await view.shows(/pid-\d+-/)
  const pid = Number(/pid-(\d+)-/.exec(view.text)?.[1])
  await lab.close(id)
  expect(() => process.kill(pid, 0)).toThrow()
})

test('a host shell that does not exist is refused', async () => {
  await expect(lab.openHost('/bin/no-such-shell')).rejects.toMatchObject({ code: 'terminal.no-shell' })
  await expect(lab.openHost('sh')).rejects.toMatchObject({ code: 'terminal.no-shell' })
})
