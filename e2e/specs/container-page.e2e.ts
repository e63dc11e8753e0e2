import { readFile } from 'node:fs/promises'
import { runShell, runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { TerminalScreen } from '../pages/terminal-screen'

async function openPage(win: AppWindow, name: string, tab?: string): Promise<void> {
  await win.list('Containers').openRow(name)
  await expect(win.page.getByRole('heading', { level: 1, name })).toBeVisible()
  if (tab !== undefined) await win.page.getByRole('tab', { name: tab, exact: true }).click()
}

const logs = (win: AppWindow, name: string) =>
  win.page.getByRole('region', { name: `Logs of ${name}` }).first()

test('logs follow, colour, tell stderr apart, and are searched and downloaded', async ({ win, docker }) => {
  const line =
    'i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i+1)); done; ' +
    'printf "\\033[31mred words\\033[0m\\n"; echo "went wrong" >&2; sleep 1; echo live; sleep 1000'
  await runShell(docker, 'talker', line)
  await openPage(win, 'talker')
  const view = logs(win, 'talker')
  await expect(view).toContainText('live')
  await expect(view).toContainText('red words')
  await expect(view).not.toContainText('[31m')
  const search = win.page.getByRole('searchbox', { name: 'Search in logs' })
  await search.fill('line 29')
  await expect(view.getByRole('status').first()).toContainText('11 lines')
  await win.button('Next match (F3)').click()
  await expect(view.getByRole('status').first()).toContainText('of 11 lines')
  await win.button('Regular expression').click()
  await search.fill('^line 29[0-4]$')
  await expect(view.getByRole('status').first()).toContainText('5 lines')
  await win.button('Show matching lines only').click()
  await expect(view.getByText('line 290', { exact: true })).toBeVisible()
  await expect(view.getByText('live', { exact: true })).toHaveCount(0)
  await win.button('Show matching lines only').click()
  await search.fill('(')
  await expect(view).toContainText('Not a valid expression')
  await search.fill('')
  await win.button('Regular expression').click()
  await win.select('Streams', 'stderr only')
  await expect(view).toContainText('went wrong')
  await expect(view.getByText('line 299', { exact: true })).toHaveCount(0)
  await win.select('Streams', 'stdout and stderr')
  const [download] = await Promise.all([
    win.page.waitForEvent('download'),
    win.button('Download the whole log').click(),
  ])
  const saved = await readFile(await download.path(), 'utf8')
  expect(saved).toContain('line 0\n')
  expect(saved).toContain('went wrong')
  await win.button('Clear view').click()
  await expect(view).toContainText('View cleared')
})

test('timestamps, tail and wrapping change what is shown', async ({ win, docker }) => {
  await runShell(docker, 'counter', 'seq 1 1500; sleep 1000')
  await openPage(win, 'counter')
  const view = logs(win, 'counter')
  await expect(view.getByText('1500', { exact: true })).toBeVisible()
  await win.button('Timestamps').click()
  await expect(view).toContainText(/\d\d:\d\d:\d\d/)
  await win.button('Timestamps').click()
  await win.select('How much to load', 'All lines')
  await win.page.getByRole('searchbox', { name: 'Search in logs' }).fill('1')
  await expect(view.getByRole('status').first()).toContainText(/\d+ lines/)
  await win.page.getByRole('searchbox', { name: 'Search in logs' }).fill('')
  await view.getByText('1500', { exact: true }).click()
  await win.page.keyboard.press('Control+Home')
  await expect(view.getByText('1', { exact: true }).first()).toBeVisible()
})

test('a time range shows just what was said in it', async ({ win, docker }) => {
  await runShell(docker, 'timed', 'echo early words; sleep 3; echo late words; sleep 1000')
  await openPage(win, 'timed')
  const view = logs(win, 'timed')
  await expect(view).toContainText('late words')
  const said = await docker('logs', '--timestamps', 'timed')
  const lateMs = Date.parse(/^(\S+) late/m.exec(said)?.[1] ?? '')
  // Local time without a zone, as the browser's own field writes it: a whole minute has no seconds there.
  const local = (ms: number): Promise<string> =>
    win.page.evaluate((at) => {
      const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
      return date.toISOString().slice(0, 19).replace(/:00$/, '')
    }, ms)
  await win.select('Time range', 'From … to …')
  await view.getByLabel('From', { exact: true }).fill(await local(lateMs - 1000))
  await expect(view).toContainText('late words')
  await expect(view).not.toContainText('early words')
  await view.getByLabel('To', { exact: true }).fill(await local(lateMs - 3000))
  await expect(view).toContainText('“To” must be later than “From”')
  await view.getByLabel('From', { exact: true }).fill(await local(lateMs - 60_000))
  await view.getByLabel('To', { exact: true }).fill(await local(lateMs - 1000))
  await expect(view).toContainText('early words')
  await expect(view).not.toContainText('late words')
  await win.select('Time range', 'Any time')
  await expect(view).toContainText('late words')
})

test('a terminal finds its shell, takes another user, and comes back after a reload', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'shelled')
  await openPage(win, 'shelled', 'Terminal')
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  await screen.run('MARK=kept; echo "marked $MARK" on $(tty)')
  await screen.shows('marked kept on /dev/pts/')
  await win.reload()
  await screen.shows('marked kept on /dev/pts/')
  await screen.run('echo again $MARK')
  await screen.shows('again kept')
  await win.page.getByRole('textbox', { name: 'User' }).fill('nobody')
  await win.button('New session').click()
  // Until then the keys are the first session's.
  await expect(win.page.getByRole('combobox', { name: 'Sessions' })).toContainText('Session 2')
  await screen.isReady()
  await screen.run('id -un')
  await screen.shows('nobody')
})

test('an image without a shell says so in words', async ({ win, docker }) => {
  await docker('run', '-d', '--name', 'bare', 'slipway-test/no-shell')
  await openPage(win, 'bare', 'Terminal')
  await expect(win.page.getByText('No shell in this container')).toBeVisible({ timeout: 30_000 })
})

test('changed files, processes and connections are the engine’s own', async ({ win, docker }) => {
  await docker(
    'run',
    '-d',
    '--name',
    'busy',
    '--init',
    '-p',
    '127.0.0.1::80',
    '-v',
    'kept:/kept',
    'slipway-test/busybox',
    'sh',
    '-c',
    'echo x > /tmp/made; rm /etc/group; sleep 4242',
  )
  await openPage(win, 'busy', 'Changes')
  const paths = win.list('Changed paths')
  await expect(paths.row('made')).toContainText('Added')
  await expect(paths.row('group')).toContainText('Deleted')
  await win.page.getByRole('tab', { name: 'Processes' }).click()
  await expect(win.list('Processes').grid).toContainText('sleep 4242')
  await win.page.getByRole('tab', { name: 'Connections' }).click()
  await expect(win.page.getByText('/kept').first()).toBeVisible()
  await expect(win.page.getByRole('link', { name: /^127\.0\.0\.1:\d+:80$/ }).last()).toBeVisible()
  await expect(win.page.getByText('bridge').first()).toBeVisible()
})

test('inspect hides what looks like a secret until it is revealed', async ({ win, docker }) => {
  await runSleeper(docker, 'secretive', '-e', 'DB_PASSWORD=hunter2hunter2', '-e', 'COLOUR=blue')
  await openPage(win, 'secretive', 'Inspect')
  const { page } = win
  await expect(page.getByText('blue', { exact: true })).toBeVisible()
  await expect(page.getByText('hunter2hunter2')).toHaveCount(0)
  await page.getByRole('button', { name: 'Reveal DB_PASSWORD' }).click()
  await expect(page.getByText('hunter2hunter2')).toBeVisible()
  await page.getByRole('button', { name: 'Hide DB_PASSWORD' }).click()
  await page.getByRole('tab', { name: 'Raw JSON' }).click()
  await page.getByRole('searchbox').last().fill('DB_PASSWORD')
  await expect(page.getByText('hunter2hunter2')).toHaveCount(0)
})

test('health shows the last probes with their output', async ({ win, docker }) => {
  await runSleeper(
    docker,
    'probed',
    '--health-cmd',
    'echo probe says no; exit 3',
    '--health-interval',
    '500ms',
    '--health-retries',
    '2',
  )
  await expect(win.list('Containers').row('probed')).toContainText('Unhealthy')
  await openPage(win, 'probed', 'Health')
  await expect(win.page.getByText('probe says no').first()).toBeVisible()
  await expect(win.page.getByText('Failed (3)').first()).toBeVisible()
})

test('why a container ended is said in words', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runShell(docker, 'wrong', 'exit 3')
  // The engine hears of no lack of memory in a container's first moments, nor in its last: told when to grow and end.
  const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.1; done`
  const grow = `${until('/go')}; sh -c 'x=a; while :; do x=$x$x; done'; code=$?; ${until('/end')}; exit $code`
  const limits = ['-m', '12m', '--memory-swap', '12m']
  await docker('run', '-d', '--name', 'hungry', ...limits, 'slipway-test/busybox', 'sh', '-c', grow)
  await docker('run', '-d', '--name', 'lost', 'slipway-test/busybox', '/no/such/program').catch(() => '')
  await runSleeper(docker, 'shot')
  await docker('kill', 'shot')
  await docker('cp', '/etc/hostname', 'hungry:/go')
  const heard = ['events', '--since', '10m', '--until', '0s', '--filter', 'container=hungry']
  await expect.poll(() => docker(...heard), { timeout: 30_000 }).toContain('container oom')
  await docker('cp', '/etc/hostname', 'hungry:/end')
  const expected: [string, RegExp][] = [
    ['wrong', /The program ended with (its own error code|an error of its own)/],
    ['hungry', /It used more memory than it may have/],
    ['lost', /Its command was not found in the image/],
    ['shot', /It was killed \(SIGKILL\)/],
  ]
  for (const [name, words] of expected) {
    await expect(list.row(name)).toContainText(/Exited|Created/, { timeout: 30_000 })
    await openPage(win, name)
    await expect(win.page.getByText(words).first()).toBeVisible()
    await win.goTo('Containers')
  }
})

test('inspect is searched, shown as JSON and copied', async ({ win, docker }) => {
  await runSleeper(docker, 'inspected', '-e', 'COLOUR=very blue', '--label', 'team=core')
  await openPage(win, 'inspected', 'Inspect')
  const search = win.page.getByRole('tabpanel').first().getByRole('searchbox')
  // The view that was last chosen is remembered.
  await win.page.getByRole('tab', { name: 'Overview', exact: true }).click()
  await search.fill('COLOUR')
  await expect(win.page.getByText('very blue').first()).toBeVisible()
  await expect(win.page.getByText('core', { exact: true })).toHaveCount(0)
  await win.page.getByRole('tab', { name: 'Raw JSON', exact: true }).click()
  const tree = win.page.getByRole('tree')
  const found = tree.getByRole('treeitem').filter({ hasText: 'COLOUR=very blue' })
  await expect(found).toHaveCount(0)
  await search.fill('very blue')
  await expect(found).toBeInViewport()
  await search.fill('team')
  await expect(tree.getByRole('treeitem').filter({ hasText: 'team: "core"' })).toBeInViewport()
  await win.button('Copy JSON').click()
  await expect.poll(() => win.clipboard()).toContain('"COLOUR=very blue"')
  expect(JSON.parse(await win.clipboard())).toHaveProperty('Config.Labels.team', 'core')
})
