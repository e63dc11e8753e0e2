import { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { EngineId } from '../../../shared/model'
import { connectAgent } from './agent-client'
import { Agents } from './agents'
import { encodeFrame, kinds } from './frames'
import type { AgentRoad } from './road'

const engine = 'far' as EngineId

/** A road at whose end somebody says this hello, and nothing more. */
function roadWith(hello: object): Duplex {
  const road = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  road.push(encodeFrame(kinds.hello, 0, Buffer.from(JSON.stringify(hello))))
  return road
}
const hello = { name: 'agent', protocol: 1, version: 'v', features: [] }

test('an agent of another protocol is refused at once', async () => {
  const road = roadWith({ ...hello, protocol: 2 })
  await expect(connectAgent(road)).rejects.toMatchObject({ code: 'engine.unsupported' })
  expect(road.destroyed).toBe(true)
})

test('an engine that is away for a moment gets its agent when it is back', async () => {
  const opened: Duplex[] = []
  const good: AgentRoad = {
    kind: 'machine',
    open: () => {
      opened.push(roadWith(hello))
      return Promise.resolve(opened.at(-1) as Duplex)
    },
  }
  const away = new AppError('engine.unreachable', 'No connection to far')
  const answers: (AgentRoad | Error)[] = [good, away, away, good]
  let asked = 0
  const agents = new Agents(() => {
    const answer = answers[Math.min(asked++, answers.length - 1)] as AgentRoad | Error
    if (answer instanceof Error) throw answer
    return Promise.resolve(answer)
  })
  onTestFinished(() => agents.close())
  agents.engineUp(engine)
  const runs = (): Promise<void> =>
    expect.poll(() => agents.states.get(engine)).toMatchObject({ kind: 'running' })
  await runs()
  opened[0]?.destroy()
  await expect.poll(() => agents.states.get(engine)?.kind).toBe('failed')
  await runs()
  expect(asked).toBe(4)
})
