import type { MachineId } from '../../../../../shared/model'
import { act } from '../../../../api'
import type { Translate } from '../../../../i18n'
import { formatBytes } from '../../../../i18n/format'
import { whilePending } from '../../../../store/machines'
import { showToast } from '../../../../store/toasts'

/** What was deleted inside goes back to the host now; says how much it was. */
export async function giveBack(t: Translate, machine: MachineId): Promise<void> {
  const freed = await whilePending(machine, 'trim', () => act('machines.trim', { machine }))
  if (!freed) return
  showToast({
    tone: 'ok',
    title:
      freed.freedBytes > 0
        ? t('machines.page.usage.trimmed', { size: formatBytes(freed.freedBytes) })
        : t('machines.page.usage.trimmedNone'),
  })
}
