import { runShell, runSleeper } from '../fixtures/containers'
import { painted } from '../fixtures/painted'
import { expect, test } from '../fixtures/test'

/** Asks the gateway, and writes to its disk, all the time. */
const busy =
  'ping -s 1400 $(ip route | sed -n "s/default via \\([^ ]*\\).*/\\1/p") >/dev/null & ' +
  'while :; do dd if=/dev/zero of=/file bs=64k count=16 conv=fsync 2>/dev/null; sleep 0.2; done'

test('the stats of a container draw its network and its disk, both ways', async ({ win, docker }) => {
  await runShell(docker, 'busy', busy)
  await win.list('Containers').openRow('busy')
  await win.page.getByRole('tab', { name: 'Stats' }).click()
  const network = win.page.getByRole('figure', { name: 'Network of busy' })
  await expect(network).toContainText(/Received [1-9][\d.,]* \w+\/s/, { timeout: 30_000 })
  await expect(network).toContainText(/Sent [1-9][\d.,]* \w+\/s/)
  await expect(network).toContainText(/in all ↓ [1-9].*↑ [1-9]/)
  const disk = win.page.getByRole('figure', { name: 'Disk of busy' })
  // Not every kernel counts a container's disk: the chart tells what the engine tells.
  const told = await docker('stats', '--no-stream', '--format', '{{.BlockIO}}', 'busy')
  const isCounted = !told.endsWith('/ 0B')
  await expect(disk).toContainText(isCounted ? /in all ↓ .*↑ [1-9]/ : /in all ↓ 0 B\s+↑ 0 B/)
  await expect(disk).toContainText(isCounted ? /Written [1-9][\d.,]* \w+\/s/ : /Read 0 B\/sWritten 0 B\/s/)
  // A line of two readings is a line.
  await expect.poll(() => painted(network.locator('canvas'), 'blue')).toBeGreaterThan(20)
  await expect.poll(() => painted(network.locator('canvas'), 'amber')).toBeGreaterThan(20)
  await expect.poll(() => painted(disk.locator('canvas'), 'amber')).toBeGreaterThan(20)
})

test('the stats of a container draw the memory that it holds, below its limit', async ({ win, docker }) => {
  await runSleeper(docker, 'holder', '-m', '100m')
  await win.list('Containers').openRow('holder')
  await win.page.getByRole('tab', { name: 'Stats' }).click()
  const memory = win.page.getByRole('figure', { name: 'Memory of holder' })
  await expect(memory).toContainText(/Used (\d+(\.\d+)? KiB|\d(\.\d+)? MiB)Limit 100 MiB/, {
    timeout: 30_000,
  })
  await docker('exec', 'holder', 'dd', 'if=/dev/zero', 'of=/dev/shm/held', 'bs=1M', 'count=40')
  await expect(memory).toContainText(/Used 4\d(\.\d+)? MiB/)
  await expect.poll(() => painted(memory.locator('canvas'), 'blue')).toBeGreaterThan(20)
  await docker('exec', 'holder', 'rm', '/dev/shm/held')
  await expect(memory).not.toContainText(/Used 4\d(\.\d+)? MiB/)
})
