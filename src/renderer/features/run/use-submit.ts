import { useLocation } from 'wouter'
import { act } from '../../api'
import { useT } from '../../i18n'
import { showToast } from '../../store/toasts'
import { withoutBlankLines } from './blank-lines'
import { useRunForm } from './form'

/**
 * Runs or creates; on success the container's page opens, on failure the form stays as it was. A person who went
 * elsewhere meanwhile, an image may be pulled for minutes, is told and stays there.
 */
export function useSubmit(): (start: boolean) => Promise<void> {
  const t = useT()
  const form = useRunForm()
  const [, navigate] = useLocation()
  return async (start) => {
    const { engine, spec, problems, unread } = form
    form.setTried()
    if (form.isRunning) return
    if (problems.length > 0 || unread.size > 0) {
      // The first wrong field, once React has marked it.
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.run-page [aria-invalid="true"]')?.focus(),
      )
      return
    }
    form.setRunning(true)
    const made = await act('containers.run', { engine, spec: withoutBlankLines(spec), start })
    form.setRunning(false)
    if (!made) return
    form.forget()
    const open = (): void =>
      navigate(`/containers/${encodeURIComponent(engine)}/${made.id}/${start ? 'logs' : 'inspect'}`)
    if (form.isShown()) return open()
    const title = t(start ? 'run.done' : 'run.created', { name: spec.name || spec.image })
    showToast({ tone: 'ok', title, action: { label: t('common.open'), onSelect: open } })
  }
}
