import type { Locator } from '@playwright/test'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const image = 'slipway-test/busybox:latest'

const section = (win: AppWindow, name: string): Locator => win.page.getByRole('region', { name, exact: true })
const command = (win: AppWindow): Locator => win.page.getByRole('textbox', { name: 'docker run' })

async function openForm(win: AppWindow): Promise<void> {
  await win.open('/run')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Run a container' })).toBeVisible()
  await section(win, 'Image and command').getByLabel('Image').fill(image)
  await win.page.keyboard.press('Escape')
}

/** One more word in a list of them. */
async function addWord(win: AppWindow, label: string, word: string): Promise<void> {
  await win.button(`Add: ${label}`).click()
  await win.page.getByRole('textbox', { name: `${label} 1`, exact: true }).fill(word)
}

async function fillMounts(win: AppWindow): Promise<void> {
  const mounts = section(win, 'Mounts')
  for (let n = 0; n < 3; n++) await win.button('Add: Mounts').click()
  await mounts.getByLabel('Source').first().fill('fields-data')
  await mounts.getByLabel('Path in the container').nth(0).fill('/volume')
  await mounts.getByRole('combobox', { name: 'Kind' }).nth(1).click()
  await win.page.getByRole('option', { name: 'Folder of the host' }).click()
  await mounts.getByLabel('Source').nth(1).fill('/usr/share')
  await mounts.getByLabel('Path in the container').nth(1).fill('/share')
  await mounts.getByRole('checkbox', { name: 'Read-only' }).nth(1).click()
  await mounts.getByRole('combobox', { name: 'Kind' }).nth(2).click()
  await win.page.getByRole('option', { name: 'Memory (tmpfs)' }).click()
  await mounts.getByLabel('Size').fill('8m')
  await mounts.getByLabel('Path in the container').nth(2).fill('/scratch')
}

async function fillProcess(win: AppWindow): Promise<void> {
  const part = section(win, 'Process')
  await part.getByLabel('User').fill('65534:65534')
  await part.getByLabel('Working folder').fill('/tmp')
  await part.getByLabel('Stop signal').fill('SIGINT')
  await part.getByLabel('Stop timeout').fill('3')
  for (const name of ['Terminal (TTY)', 'Keep input open', 'Run an init inside'])
    await part.getByRole('checkbox', { name }).click()
  const limits = section(win, 'Restart and limits')
  await limits.getByRole('combobox', { name: 'Restart policy' }).click()
  await win.page.getByRole('option', { name: 'On failure' }).click()
  await limits.getByLabel('Most retries').fill('4')
  await limits.getByLabel('CPU limit').fill('0.5')
  await limits.getByLabel('Shared memory').fill('16m')
}

async function fillRest(win: AppWindow): Promise<void> {
  const health = section(win, 'Health check')
  await health.getByLabel('Command').fill('true')
  await health.getByLabel('Interval').fill('7')
  await health.getByLabel('Retries').fill('2')
  const network = section(win, 'Network')
  await network.getByLabel('Network', { exact: true }).fill('fields-net')
  await win.page.keyboard.press('Escape')
  await network.getByLabel('Host name').fill('fielded')
  await addWord(win, 'Network aliases', 'known-as')
  await addWord(win, 'Extra hosts', 'far:192.0.2.7')
  await addWord(win, 'DNS servers', '192.0.2.53')
  await section(win, 'Security and devices').getByRole('checkbox', { name: 'Read-only root' }).click()
  await addWord(win, 'Add capabilities', 'NET_ADMIN')
  await addWord(win, 'Drop capabilities', 'CHOWN')
  await addWord(win, 'Devices', '/dev/null:/dev/void:r')
  await addWord(win, 'Security options', 'no-new-privileges')
  await win.button('Add: Labels').click()
  await section(win, 'Labels').getByLabel('Name').fill('team')
  await section(win, 'Labels').getByLabel('Value').fill('core & more')
}

interface Inspected {
  readonly Config: Record<string, unknown>
  readonly HostConfig: Record<string, unknown>
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly Aliases: string[] }> }
}

test('every field of the form reaches the engine', async ({ win, docker }) => {
  await docker('network', 'create', 'fields-net')
  await openForm(win)
  const basics = section(win, 'Image and command')
  await basics.getByLabel('Name').fill('fielded')
  await basics.getByLabel('Command').fill('-c "sleep 1000"')
  await basics.getByLabel('Entrypoint').fill('/bin/sh')
  await fillMounts(win)
  await fillProcess(win)
  await fillRest(win)
  await win.button('Run').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'fielded' })).toBeVisible({ timeout: 30_000 })
  const [said] = JSON.parse(await docker('inspect', 'fielded')) as [Inspected]
  expect(said.Config).toMatchObject({
    Hostname: 'fielded',
    User: '65534:65534',
    WorkingDir: '/tmp',
    Tty: true,
    OpenStdin: true,
    StopSignal: 'SIGINT',
    StopTimeout: 3,
    Entrypoint: ['/bin/sh'],
    Cmd: ['-c', 'sleep 1000'],
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 7e9, Retries: 2 },
  })
  expect(said.Config['Labels']).toMatchObject({ team: 'core & more' })
  expect(said.HostConfig).toMatchObject({
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 4 },
    NanoCpus: 5e8,
    ShmSize: 16 * 1024 * 1024,
    Init: true,
    ReadonlyRootfs: true,
    CapAdd: ['NET_ADMIN'],
    CapDrop: ['CHOWN'],
    Dns: ['192.0.2.53'],
    ExtraHosts: ['far:192.0.2.7'],
    SecurityOpt: ['no-new-privileges'],
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'r' }],
  })
  expect(said.NetworkSettings.Networks['fields-net']?.Aliases).toContain('known-as')
  const mounts = await docker(
    'inspect',
    '-f',
    '{{json .Mounts}} {{json .HostConfig.Mounts}} {{json .HostConfig.Tmpfs}}',
    'fielded',
  )
  for (const path of ['/volume', '/share', '/scratch']) expect(mounts).toContain(`"${path}`)
  expect(
    await docker('exec', 'fielded', 'sh', '-c', 'touch /share/x 2>&1; df -k /scratch | tail -1'),
  ).toMatch(/Read-only file system[^]*8192/)
})

test('a container that is to go when it ends does; a privileged one is made as that', async ({
  win,
  docker,
}) => {
  const make = async (
    name: string,
    [where, box]: readonly [section: string, checkbox: string],
    button: string,
  ): Promise<Inspected> => {
    await openForm(win)
    const basics = section(win, 'Image and command')
    await basics.getByLabel('Name').fill(name)
    await basics.getByLabel('Command').fill('sleep 1000')
    await section(win, where).getByRole('checkbox', { name: box }).click()
    await win.button(button).click()
    await expect(win.page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 })
    const [said] = JSON.parse(await docker('inspect', name)) as [Inspected]
    return said
  }
  const passing = await make('passing', ['Restart and limits', 'Remove when it ends'], 'Run')
  expect(passing.HostConfig).toMatchObject({ AutoRemove: true, Privileged: false })
  await docker('kill', 'passing')
  await win.goTo('Containers')
  await expect(win.page.getByText('No containers yet')).toBeVisible()
  // Made only: a host that is a guest itself may not let it start.
  const mighty = await make('mighty', ['Security and devices', 'Privileged'], 'Create only')
  expect(mighty.HostConfig).toMatchObject({ AutoRemove: false, Privileged: true })
})

test('what stands in the form comes back from its own command', async ({ win }) => {
  await openForm(win)
  await fillProcess(win)
  await section(win, 'Security and devices').getByRole('checkbox', { name: 'Privileged' }).click()
  await section(win, 'Image and command').getByLabel('Command').fill('echo "two words"')
  await expect(command(win)).toHaveValue(/two words/)
  const written = await command(win).inputValue()
  await win.open('/containers')
  await win.open('/run')
  await expect(section(win, 'Process').getByLabel('User')).toHaveValue('65534:65534')
  await win.button('Start over').click()
  await expect(section(win, 'Process').getByLabel('User')).toHaveValue('')
  await command(win).fill(written)
  await expect(section(win, 'Process').getByLabel('User')).toHaveValue('65534:65534')
  await expect(section(win, 'Restart and limits').getByLabel('Most retries')).toHaveValue('4')
  await expect(section(win, 'Image and command').getByLabel('Command')).toHaveValue(/two words/)
  await expect(
    section(win, 'Security and devices').getByRole('checkbox', { name: 'Privileged' }),
  ).toBeChecked()
  await expect(command(win)).toHaveValue(written)
})

test('each wrong word is told at its own field, and nothing is started', async ({ win, docker }) => {
  await openForm(win)
  await win.button('Add: Ports').click()
  await section(win, 'Ports').getByLabel('Host address').fill('300.1.1.1')
  await section(win, 'Ports').getByLabel('Container port').fill('70000')
  await section(win, 'Network').getByLabel('Host name').fill('no_host!')
  await addWord(win, 'Extra hosts', 'nowhere')
  await addWord(win, 'DNS servers', 'not-an-address')
  await addWord(win, 'Add capabilities', 'to fly')
  await addWord(win, 'Devices', 'null')
  await section(win, 'Process').getByLabel('Stop signal').fill('sig none')
  await section(win, 'Process').getByLabel('Platform').fill('Linux on ARM')
  await section(win, 'Restart and limits').getByLabel('Memory limit').fill('1m')
  await win.button('Add: Mounts').click()
  await section(win, 'Mounts').getByLabel('Source').fill('-bad')
  await section(win, 'Mounts').getByLabel('Path in the container').fill('/')
  await section(win, 'Environment').getByRole('button', { name: /^Add/ }).click()
  await section(win, 'Environment').getByRole('textbox', { name: 'Name' }).fill('A=B')
  await win.button('Run').click()
  for (const words of [
    'This is not an IP address',
    'A port is between 1 and 65535',
    'Letters, digits, “-” and “.”, 63 at most',
    'Give name:address',
    'Give an IP address',
    'to fly is not a capability',
    'Give /dev/host, or /dev/host:/dev/container:rwm',
    'Give a signal, like SIGTERM or 15',
    'Give os/arch, like linux/arm64',
    'The least is 6 MiB',
    'Letters, digits, “_”, “.” and “-”; at least two',
    'Give an absolute path in the container, not “/”',
    'A variable’s name is not empty and has no “=”',
  ])
    await expect(win.page.getByText(words, { exact: true }).first(), words).toBeVisible()
  expect(await docker('ps', '-aq')).toBe('')
})
