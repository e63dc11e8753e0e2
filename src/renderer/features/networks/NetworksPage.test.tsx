import { cleanup } from '@testing-library/react'
import { afterEach, test } from 'vitest'
import { localEngine } from '../../../../testing/window/rows'
import { expectUnusedOnlyWhenKnown } from '../../../../testing/window/unknown-users'
import type { Network } from '../../../shared/model'
import { forgetInventory } from '../../store/inventory'
import { forgetVisits } from '../../store/visit'
import { NetworksPage } from './NetworksPage'

const alone = {
  ...{ engine: localEngine, id: 'a'.repeat(64), name: 'alone', driver: 'bridge', scope: 'local' },
  ...{ subnets: [], labels: {}, createdAtMs: 0 },
} as unknown as Network

afterEach(() => {
  cleanup()
  forgetVisits()
  forgetInventory()
})

test('a network of which nobody knows who uses it is not told as unused', () =>
  expectUnusedOnlyWhenKnown(
    <NetworksPage />,
    { engine: localEngine, kind: 'networks', rev: 1, rows: [alone] },
    'alone',
  ))
