import { toWire, type WireError } from '../../../shared/errors'
import type { TextKey, Translate } from '../../i18n'
import { translate } from '../../i18n'
import { errorWords, type ErrorWords } from '../../i18n/error-words'
import { showToast } from '../../store/toasts'

const reasons: Partial<Record<string, TextKey>> = {
  'not-a-file': 'files.problem.notAFile',
  'not-a-folder': 'files.problem.notAFolder',
  special: 'files.problem.special',
  kernel: 'files.problem.kernel',
  'not-empty': 'files.problem.notEmpty',
  mount: 'files.problem.mount',
  'read-only': 'files.problem.readOnly',
  'across-mounts': 'files.problem.acrossMounts',
  changed: 'files.problem.changed',
}

/** One sentence for a problem that files have; `undefined` where it is a problem of all engines. */
function problemOf({ code, facts }: Pick<WireError, 'code' | 'facts'>): TextKey | undefined {
  const reason = reasons[String(facts['reason'] ?? '')]
  switch (code) {
    case 'object.not-found':
      return 'files.problem.gone'
    case 'object.conflict':
      return reason ?? 'files.problem.taken'
    case 'request.unauthorized':
      return 'files.problem.notPermitted'
    case 'engine.unsupported':
      return facts['what'] === 'agent' ? 'files.problem.needsAgent' : undefined
    default:
      return reason
  }
}

/** What happened to a file, and why, in words. `title` is what was tried. */
export function fileErrorWords(
  t: Translate,
  error: Pick<WireError, 'code' | 'facts'>,
  title: string,
): ErrorWords {
  const problem = problemOf(error)
  if (problem !== undefined) return { title, text: t(problem) }
  const words = errorWords(t, error)
  return { ...words, title, text: `${words.title}. ${words.text}` }
}

/** Tells what did not work, unless the person cancelled it. */
export function tellFailure(thrown: unknown, title: string): void {
  const error = toWire(thrown)
  if (error.code === 'cancelled') return
  tellWords(fileErrorWords(translate, error, title))
}

/** Tells in a toast what no dialog tells. */
export const tellWords = ({ title, text, detail }: ErrorWords): unknown =>
  showToast({ tone: 'bad', title, text: detail === undefined ? text : `${text} ${detail}` })
