import { contract, type Handlers } from '../../src/shared/contract'
import { AppError } from '../../src/shared/errors'

type Handle = (args: unknown, context: unknown) => unknown

/** Handlers for the whole contract that refuse, but for the given ones. Looked up at each call: a test may add some later. */
export function fakeHandlers(given: Partial<Handlers>): Handlers {
  const ask = (name: string): Handle => {
    return (args, context) => ((given as Record<string, Handle>)[name] ?? refuse)(args, context)
  }
  return Object.fromEntries(Object.keys(contract).map((name) => [name, ask(name)])) as unknown as Handlers
}

const refuse = (): never => {
  throw new AppError('engine.unsupported', 'The fake core does not do that')
}
