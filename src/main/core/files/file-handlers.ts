import type { Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'

type FileCalls = Pick<Handlers, Extract<keyof Handlers, `files.${string}`>>

const missing = (): never => {
  throw new AppError('engine.unsupported', 'Files are not served yet', { facts: { what: 'agent' } })
}

export function fileHandlers(): FileCalls {
  return {
    'files.list': missing,
    'files.stat': missing,
    'files.read': missing,
    'files.find': missing,
    'files.makeFolder': missing,
    'files.rename': missing,
    'files.removalPlan': missing,
    'files.remove': missing,
    'files.chmod': missing,
    'files.write': missing,
    'files.upload': missing,
  }
}
