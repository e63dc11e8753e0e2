import type { Handlers } from '../../../shared/contract'
import type { Notice } from '../../../shared/model'

type Watching = Pick<Handlers, 'activity.watch'>

/**
 * What was found at the start (a damaged settings file) is told when the first window looks at what happens. Not
 * to the first client: that may be one that only asks for the page's theme.
 */
export function firstNotice<H extends Watching>(
  handlers: H,
  notice: Notice | undefined,
  tell: (notice: Notice) => void,
): H {
  let untold = notice
  return {
    ...handlers,
    'activity.watch': (args, context) => {
      const found = untold
      untold = undefined
      if (found) queueMicrotask(() => tell(found))
      return handlers['activity.watch'](args, context)
    },
  }
}
