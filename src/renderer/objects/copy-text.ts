import { translate } from '../i18n'
import { showToast } from '../store/toasts'

/** Puts text on the clipboard and says so, or says that it could not: a browser has none where the page came over http. */
export async function copyText(text: string, said = translate('objects.copied')): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast({ tone: 'ok', title: said })
  } catch {
    showToast({ tone: 'bad', title: translate('objects.copyFailed') })
  }
}
