import { runShell, runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import { openPage } from '../pages/container-page'
import { TerminalScreen } from '../pages/terminal-screen'

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

test('a new session has the shell and the user that were asked for', async ({ win, docker }) => {
  await runSleeper(docker, 'choosy')
  await docker('exec', 'choosy', 'ln', '-s', '/bin/busybox', '/tmp/ash')
  await openPage(win, 'choosy', 'Terminal')
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  const shell = win.page.getByRole('combobox', { name: 'Shell', exact: true })
  const says = async (words: string): Promise<void> => {
    await screen.isReady()
    await screen.run('clear; echo "I am $0 of $(id -u)."')
    await screen.shows(words)
  }
  await says('I am ash of 0.')
  await shell.press('ArrowDown')
  await expect(win.page.getByRole('option')).toHaveText(['ash', 'sh'])
  await win.page.getByRole('option', { name: 'sh', exact: true }).click()
  await win.button('New session').click()
  const sessions = win.page.getByRole('combobox', { name: 'Sessions' })
  // Until then the keys are the session's before.
  await expect(sessions).toContainText('Session 2')
  await says('I am sh of 0.')
  await shell.fill('/tmp/ash')
  await win.page.getByRole('textbox', { name: 'User' }).fill('65534')
  await win.button('New session').click()
  await expect(sessions).toContainText('Session 3')
  await says('I am /tmp/ash of 65534.')
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
  await runShell(docker, 'done', 'true')
  await runSleeper(docker, 'asked')
  await docker('stop', 'asked')
  await docker('cp', '/etc/hostname', 'hungry:/go')
  const heard = ['events', '--since', '10m', '--until', '0s', '--filter', 'container=hungry']
  await expect.poll(() => docker(...heard), { timeout: 30_000 }).toContain('container oom')
  await docker('cp', '/etc/hostname', 'hungry:/end')
  const expected: [string, RegExp][] = [
    ['wrong', /The program ended with its own error code.*Exit code 3/],
    ['hungry', /It used more memory than it may have/],
    ['lost', /Its command was not found in the image/],
    ['shot', /It was killed \(SIGKILL\).*Exit code 137/],
    ['asked', /It was asked to stop \(SIGTERM\) and did\..*Exit code 143/],
    ['done', /It finished without an error\..*Exit code 0/],
  ]
  for (const [name, words] of expected) {
    await expect(list.row(name)).toContainText(/Exited|Created/, { timeout: 30_000 })
    await openPage(win, name)
    await expect(win.page.getByRole('region', { name: 'Why it is not running' })).toContainText(words)
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
