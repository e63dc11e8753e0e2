// The entry holds nothing but the loading of the rest: what is in flight when an interface of the host
// comes or goes is lost, and what is this small is hardly ever in flight.
import { loadAgain } from './load-again'

async function openWindow(): Promise<void> {
  await Promise.all(missingStyles().map((link) => loadAgain(() => replaced(link))))
  await loadAgain(() => import('./start'))
}

/** Scripts run after the page's style sheets have settled: a sheet that did not arrive has no readable rules. */
const missingStyles = (): HTMLLinkElement[] =>
  [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter((link) => !hasRules(link))

function hasRules({ sheet }: HTMLLinkElement): boolean {
  try {
    return (sheet?.cssRules.length ?? 0) > 0
  } catch {
    return false
  }
}

/** Each try is an element of its own: a failed one never asks again. */
function replaced(link: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = link.cloneNode() as HTMLLinkElement
    next.addEventListener('load', () => {
      link.remove()
      resolve()
    })
    next.addEventListener('error', () => {
      next.remove()
      reject(new Error(`A style sheet did not arrive: ${link.href}`))
    })
    link.after(next)
  })
}

void openWindow()
