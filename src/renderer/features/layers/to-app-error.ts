import { AppError } from '../../../shared/errors'

/** What is not an AppError is our own bug. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('bug', 'Something went wrong inside Slipway', { cause: error })
