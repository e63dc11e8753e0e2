import { contract, type Handlers } from '../../src/shared/contract'
import { AppError } from '../../src/shared/errors'

/** Handlers for the whole contract that refuse, but for the given ones. */
export function fakeHandlers(given: Partial<Handlers>): Handlers {
  const refused = Object.keys(contract).map((name) => [name, refuse] as const)
  return { ...Object.fromEntries(refused), ...given } as Handlers
}

const refuse = (): never => {
  throw new AppError('engine.unsupported', 'The fake core does not do that')
}
