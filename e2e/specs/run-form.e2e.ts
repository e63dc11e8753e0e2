import { freePort } from '../../testing/ports/free-port'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const image = 'slipway-test/busybox:latest'

async function openForm(win: AppWindow): Promise<void> {
  await win.open('/run')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Run a container' })).toBeVisible()
}

const command = (win: AppWindow) => win.page.getByRole('textbox', { name: 'docker run' })
const add = (win: AppWindow, what: string): Promise<void> => win.button(`Add: ${what}`).click()
const section = (win: AppWindow, name: string) => win.page.getByRole('region', { name, exact: true })

test('the form writes the command, and what runs is what it says', async ({ win, docker }) => {
  await openForm(win)
  await section(win, 'Image and command').getByLabel('Image').fill(image)
  await win.page.keyboard.press('Escape')
  await section(win, 'Image and command').getByLabel('Name').fill('formed')
  await section(win, 'Image and command').getByLabel('Command').fill('sleep 1000')
  await section(win, 'Environment').getByRole('button', { name: /^Add/ }).click()
  await section(win, 'Environment').getByRole('textbox', { name: 'Name' }).fill('GREETING')
  await section(win, 'Environment').getByRole('textbox', { name: 'Value' }).fill('good day')
  await add(win, 'Mounts')
  await section(win, 'Mounts').getByLabel('Source').fill('formed-data')
  await section(win, 'Mounts').getByLabel('Path in the container').fill('/data')
  await section(win, 'Restart and limits').getByLabel('Memory limit').fill('96m')
  await expect(command(win)).toHaveValue(/--name[= ]formed/)
  await expect(command(win)).toHaveValue(/GREETING=good day/)
  await win.button('Run').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'formed' })).toBeVisible({ timeout: 30_000 })
  const said = await docker(
    'inspect',
    '-f',
    '{{json .Config.Env}} {{.HostConfig.Memory}} {{json .Mounts}}',
    'formed',
  )
  expect(said).toContain('GREETING=good day')
  expect(said).toContain(String(96 * 1024 * 1024))
  expect(said).toContain('"formed-data"')
})

test('a pasted docker run fills the form', async ({ win, docker }) => {
  await openForm(win)
  await command(win).fill(
    `docker run -d --name pasted -e A=1 -p 18099:80 --restart unless-stopped --cap-add NET_ADMIN -w /tmp ${image} sleep 99`,
  )
  await expect(section(win, 'Image and command').getByLabel('Name')).toHaveValue('pasted')
  await expect(section(win, 'Ports').getByLabel('Host port')).toHaveValue(/18,?099/)
  await expect(section(win, 'Process').getByLabel('Working folder')).toHaveValue('/tmp')
  await expect(section(win, 'Environment').getByRole('textbox', { name: 'Value' })).toHaveValue('1')
  await win.button('Create only').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'pasted' })).toBeVisible({ timeout: 30_000 })
  const said = await docker('inspect', '-f', '{{.State.Status}} {{json .HostConfig}}', 'pasted')
  expect(said).toMatch(/^created /)
  expect(said).toContain('NET_ADMIN')
  expect(said).toContain('unless-stopped')
  expect(said).toContain('"HostPort":"18099"')
})

test('a whole command that is pasted takes the place of the one that stands there, and is kept meanwhile', async ({
  win,
}) => {
  await openForm(win)
  const field = section(win, 'Image and command').getByLabel('Command')
  await field.fill(`docker run --name whole ${image} sleep 7`)
  await field.selectText()
  await win.page.keyboard.press('ControlOrMeta+C')
  await field.fill('')
  await command(win).click()
  await win.page.keyboard.press('ControlOrMeta+V')
  await expect(command(win)).toHaveValue(`docker run --name whole ${image} sleep 7`)
  await expect(section(win, 'Image and command').getByLabel('Name')).toHaveValue('whole')
  await win.goTo('Images')
  await openForm(win)
  await expect(section(win, 'Image and command').getByLabel('Name')).toHaveValue('whole')
  await win.button('Start over').click()
  await expect(section(win, 'Image and command').getByLabel('Name')).toHaveValue('')
})

test('what a pasted command says that is not taken over is named', async ({ win }) => {
  await openForm(win)
  await command(win).fill(`docker run --frobnicate -v ./here:/there ${image}`)
  const told = win.page.getByText('Not taken over as written')
  await expect(told).toBeVisible()
  await expect(win.page.getByText('--frobnicate is not a flag of docker run.')).toBeVisible()
})

test('a taken host port names its holder and offers a free one', async ({ win, docker }) => {
  const port = String(await freePort())
  await runSleeper(docker, 'holder', '-p', `127.0.0.1:${port}:80`)
  await openForm(win)
  await add(win, 'Ports')
  await section(win, 'Ports').getByLabel('Host port').fill(port)
  const conflict = section(win, 'Ports').getByRole('alert')
  await expect(conflict).toContainText(`Port ${port} is held by`)
  await expect(conflict).toContainText('holder')
  await conflict.getByRole('button', { name: /^Use / }).click()
  await expect(section(win, 'Ports').getByRole('alert')).toHaveCount(0)
  const offered = section(win, 'Ports').getByLabel('Host port')
  await expect(offered).toHaveValue(/^\d[\d,]+$/)
  expect((await offered.inputValue()).replace(',', '')).not.toBe(port)
})

test('wrong fields say what is wrong, and nothing is started', async ({ win, docker }) => {
  await openForm(win)
  const basics = section(win, 'Image and command')
  await basics.getByLabel('Image').fill('Not:a:Reference')
  await win.page.keyboard.press('Escape')
  await basics.getByLabel('Name').fill('x')
  await basics.getByLabel('Command').fill('sh -c "unclosed')
  await section(win, 'Restart and limits').getByLabel('Memory limit').fill('lots')
  await section(win, 'Process').getByLabel('Working folder').fill('relative')
  await add(win, 'Mounts')
  await section(win, 'Mounts').getByLabel('Path in the container').fill('nowhere')
  await win.button('Run').click()
  for (const words of [
    'Letters, digits, “_”, “.” and “-”; at least two, beginning with a letter or digit',
    'A quote is not closed.',
    'Give a size, like 512m or 2g',
    'Give an absolute path',
  ])
    await expect(win.page.getByText(words, { exact: true }).first()).toBeVisible()
  await expect(basics.getByLabel('Image')).toHaveAttribute('aria-invalid', 'true')
  await expect(basics.getByLabel('Image')).toBeFocused()
  expect(await docker('ps', '-aq')).toBe('')
})

test('an env file is read into the form, and its bad lines are named', async ({ win }) => {
  await openForm(win)
  const text = '# settings\nFIRST=1\nSECOND=two words\n=nameless\n'
  const env = section(win, 'Environment')
  await win.choosesFile(env.getByRole('button', { name: 'Read an env file…' }), 'app.env', text)
  await expect(win.page.getByText('2 variables read from app.env')).toBeVisible()
  await expect(win.page.getByText(/^Line 4:/)).toBeVisible()
  await expect(command(win)).toHaveValue(/SECOND=two words/)
})

test('an image that is missing and cannot be pulled leaves the form as it was and says why', async ({
  win,
  lab,
  docker,
}) => {
  await openForm(win)
  await section(win, 'Image and command').getByLabel('Image').fill(`${lab.registry}/team/nothing:9`)
  await win.page.keyboard.press('Escape')
  await win.button('Run').click()
  await expect(win.toasts).toContainText('There is no such image', { timeout: 30_000 })
  await expect(section(win, 'Image and command').getByLabel('Image')).toHaveValue(/nothing:9/)
  expect(await docker('ps', '-aq')).toBe('')
})

test('an image is chosen from the list by keys, and a free port of the host is suggested', async ({
  win,
  docker,
}) => {
  const taken = await freePort()
  await runSleeper(docker, 'holder', '-p', `${taken}:80`)
  await openForm(win)
  const field = section(win, 'Image and command').getByLabel('Image')
  // It sleeps by itself.
  const chosen = 'slipway-test/no-shell:latest'
  await field.fill('slipway-test/')
  const options = win.page.getByRole('option')
  await expect(options.filter({ hasText: chosen })).toBeVisible()
  const at = (await options.allInnerTexts()).indexOf(chosen)
  for (let n = 0; n <= at; n++) await win.page.keyboard.press('ArrowDown')
  await win.page.keyboard.press('Enter')
  await expect(field).toHaveValue(chosen)
  await expect(options).toHaveCount(0)
  await section(win, 'Image and command').getByLabel('Name').fill('suggested')
  await add(win, 'Ports')
  const ports = section(win, 'Ports')
  await ports.getByLabel('Container port').fill(String(taken))
  await ports.getByRole('button', { name: 'Suggest a free port' }).click()
  const hostPort = ports.getByLabel('Host port')
  await expect(hostPort).toHaveValue(/\d/)
  const suggested = (await hostPort.inputValue()).replace(',', '')
  expect(suggested).not.toBe(String(taken))
  await win.button('Run').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'suggested' })).toBeVisible({
    timeout: 30_000,
  })
  expect(await docker('port', 'suggested', `${taken}`)).toContain(`:${suggested}`)
})

test('all exposed ports are published and shown, on the platform that is asked for', async ({
  win,
  docker,
  lab,
}) => {
  const exposing = `${lab.registry}/exposing:1`
  await docker('create', '--name', 'base', image)
  const exposes = ['EXPOSE 8000', 'EXPOSE 5353/udp', 'CMD ["sleep", "1000"]'].flatMap((line) => ['-c', line])
  await docker('commit', ...exposes, 'base', exposing)
  const platform = await docker('version', '-f', '{{.Server.Os}}/{{.Server.Arch}}')
  await openForm(win)
  await section(win, 'Image and command').getByLabel('Image').fill(exposing)
  await win.page.keyboard.press('Escape')
  await section(win, 'Image and command').getByLabel('Name').fill('published')
  await section(win, 'Ports').getByRole('checkbox', { name: 'Publish all exposed ports' }).click()
  await section(win, 'Process').getByLabel('Platform').fill('linux/s390x')
  await expect(command(win)).toHaveValue(/ --platform[= ]linux\/s390x/)
  await win.button('Run').click()
  // The image that is there is for another one, and the registry has none.
  await expect(win.toasts.getByRole('alert')).toContainText('There is no such image', { timeout: 30_000 })
  expect(await docker('ps', '-aq', '--filter', 'name=published')).toBe('')
  await section(win, 'Process').getByLabel('Platform').fill(platform)
  await win.button('Run').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'published' })).toBeVisible({
    timeout: 30_000,
  })
  await win.goTo('Containers')
  const row = win.list('Containers').row('published')
  for (const port of ['8000/tcp', '5353/udp']) {
    const [, hostPort = ''] = /:(\d+)$/m.exec(await docker('port', 'published', port)) ?? []
    expect(Number(hostPort)).toBeGreaterThan(0)
    await expect(row).toContainText(`${hostPort}:${port.replace('/tcp', '')}`)
  }
})
