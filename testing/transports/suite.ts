import { test } from 'vitest'
import { callFacts } from './call-facts'
import { hostileFacts } from './hostile-facts'
import { Lab, type OpenRoad } from './lab'
import { streamFacts } from './stream-facts'

/** One thing that must hold over every transport. */
export type Fact = readonly [name: string, check: (lab: Lab) => Promise<void>]

/** The same facts over any road. */
export function testRoad(openRoad: OpenRoad): void {
  for (const [name, check] of [...callFacts, ...streamFacts, ...hostileFacts])
    test(name, async () => {
      const lab = await Lab.open(openRoad)
      try {
        await check(lab)
      } finally {
        await lab.close()
      }
    })
}
