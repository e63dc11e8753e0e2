import type { Locator } from '@playwright/test'
import { busyboxImage, testImage } from '../../testing/engine/images'
import { freePort } from '../../testing/ports/free-port'
import { dockerOf, type Docker } from '../fixtures/docker'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { TerminalScreen } from '../pages/terminal-screen'

/** An emulated boot takes half a minute on a busy host, and the image may have to be built first. */
const bootMs = 300_000
const suspendMs = 120_000
const name = 'e2e'

/** A real machine, in a window: one boot serves the whole story, as each takes long. */
test('a machine from the wizard to its reset: boot, container, port, suspend, shell, settings', async ({
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(15 * 60_000)
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  await test.step('the wizard makes it and starts it', () => create(win))
  await test.step('each stage of the start stands in the timeline', () => boots(win))
  const socket = await socketOf(win)
  const docker = dockerOf(socket, lab.dockerConfig)
  await test.step('a container in it opens a port here', () => opensPort(win, docker, socket))
  await test.step('suspended and resumed, the container runs on', () => resumes(win, docker))
  await test.step('a shell in it', () => opensShell(win))
  await test.step('more memory counts after a restart', () => changesMemory(win, docker))
  await test.step('a reset wants the name and takes the disk', () => resets(win))
})

const status = (win: AppWindow): Locator => win.page.getByRole('main').getByRole('status').first()
/** The timeline of a start that has ended. */
const lastStart = (win: AppWindow): Locator => win.page.getByRole('region', { name: 'Start', exact: true })
const tab = (win: AppWindow, label: string): Promise<void> =>
  win.page.getByRole('tab', { name: label }).click()

async function create(win: AppWindow): Promise<void> {
  const { page, dialog } = win
  await win.open('/machines?new=')
  await dialog.getByLabel('Name', { exact: true }).fill('Not A Name')
  await expect(dialog.getByText('Small letters, digits and dashes; at most 31')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Next' })).toBeDisabled()
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: 'Next' }).click()
  // One: emulated side by side, processors of QEMU 7.2 now and then reset a machine in the middle of its start.
  await dialog.getByLabel('CPUs', { exact: true }).fill('1')
  await dialog.getByLabel('Memory', { exact: true }).fill('1024')
  await dialog.getByLabel('Disk', { exact: true }).fill('4')
  await dialog.getByRole('button', { name: 'Next' }).click()
  const home = dialog.getByRole('checkbox', { name: /Share my home folder/ })
  if (await home.isChecked()) await home.click()
  await dialog.getByRole('button', { name: 'Next' }).click()
  await expect(dialog.getByText('Up to 1 GiB', { exact: false })).toBeVisible()
  await dialog.getByRole('button', { name: 'Create and start' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

async function boots(win: AppWindow): Promise<void> {
  // Exact, as each stage is: the machine's state and a second try have its name in their words.
  const hypervisor = win.page.getByText('Starting the hypervisor', { exact: true })
  await expect(hypervisor).toBeVisible({ timeout: bootMs })
  await expect(status(win)).toHaveText('Running', { timeout: bootMs })
  for (const stage of ['Booting the kernel', 'Waiting for SSH', 'Connecting', 'Waiting for the engine'])
    await expect(lastStart(win).getByText(stage, { exact: true })).toBeVisible()
  await tab(win, 'Console')
  await expect(win.page.locator('.xterm-rows')).toContainText('slipway: engine')
  await tab(win, 'Overview')
}

/** As a person takes it: from the line for a shell. */
async function socketOf(win: AppWindow): Promise<string> {
  const line = await win.page.getByText(/^export DOCKER_HOST=/).innerText()
  return line.replace('export DOCKER_HOST=unix://', '').trim()
}

async function opensPort(win: AppWindow, docker: Docker, socket: string): Promise<void> {
  await testImage(socket)
  // The machine's forward takes the number that was asked for: one that is free on this host.
  const at = `127.0.0.1:${await freePort()}`
  const serve = ['httpd', '-f', '-p', '80']
  await docker('run', '-d', '--name', 'web', '-p', `${at}:80`, busyboxImage, ...serve)
  await expect
    .poll(
      () =>
        fetch(`http://${at}/`).then(
          ({ status: code }) => code,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(404)
  await tab(win, 'Ports')
  await expect(win.page.getByRole('link', { name: `${at}/tcp` })).toBeVisible()
  await win.goTo('Containers')
  await expect(win.list('Containers').row('web')).toBeVisible()
}

async function resumes(win: AppWindow, docker: Docker): Promise<void> {
  const startedAt = () => docker('inspect', '-f', '{{.State.StartedAt}} {{.State.Running}}', 'web')
  const before = await startedAt()
  await win.open('/machines')
  await win.list('Machines').openRow(name)
  await win.button('Suspend').click()
  await expect(status(win)).toHaveText('Suspended', { timeout: suspendMs })
  await win.button('Start').click()
  await expect(status(win)).toHaveText('Running', { timeout: bootMs })
  await expect(lastStart(win).getByText('Resumed', { exact: true })).toBeVisible()
  expect(await startedAt()).toBe(before)
}

async function opensShell(win: AppWindow): Promise<void> {
  const { page } = win
  await page.getByRole('main').getByRole('button', { name: 'Terminal', exact: true }).click()
  const screen = new TerminalScreen(page, page.getByRole('region', { name: 'Terminals' }))
  await screen.isReady()
  await screen.run('echo in-$(hostname)')
  await screen.shows(`in-${name}`)
  await page.getByRole('button', { name: 'Hide the terminal' }).first().click()
}

async function changesMemory(win: AppWindow, docker: Docker): Promise<void> {
  const { page } = win
  await tab(win, 'Settings')
  const memory = page.getByLabel('Memory', { exact: true })
  await memory.fill('100')
  await expect(page.getByText('A whole number from 512 to 1048576')).toBeVisible()
  await expect(win.button('Save')).toBeDisabled()
  await memory.fill('1280')
  await win.button('Save').click()
  const notice = page.getByText('Some settings count only after a restart.')
  await expect(notice).toBeVisible()
  const memoryMiB = async (): Promise<number> =>
    Number(await docker('info', '-f', '{{.MemTotal}}').catch(() => '0')) / 1024 ** 2
  const before = await memoryMiB()
  await win.button('Restart now').click()
  await expect(notice).toHaveCount(0, { timeout: bootMs })
  await expect(status(win)).toHaveText('Running', { timeout: bootMs })
  await expect.poll(memoryMiB, { timeout: bootMs }).toBeGreaterThan(before + 200)
}

async function resets(win: AppWindow): Promise<void> {
  const { page, dialog } = win
  await tab(win, 'Reset')
  await win.button('Reset…').click()
  await expect(dialog.getByText('Data disk')).toBeVisible()
  const confirm = dialog.getByRole('button', { name: 'Reset', exact: true })
  await dialog.getByLabel(`Type ${name} to confirm`).fill('e2')
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await confirm.click()
  await expect(dialog).toHaveCount(0, { timeout: suspendMs })
  await expect(status(win)).toHaveText('Never started')
  await tab(win, 'Overview')
  await expect(page.getByText('Nothing runs: it takes no CPU and no memory.')).toBeVisible()
}
