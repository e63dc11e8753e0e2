import type { ReactNode } from 'react'
import type { MachineProposal, MachineSettings } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { KeyValues } from '../../../ui'

interface WillTakeProps {
  readonly proposal: MachineProposal
  readonly settings: MachineSettings
}

/** What a machine takes of this computer: said before it is made. */
export function WillTake({ proposal, settings }: WillTakeProps): ReactNode {
  const t = useT()
  const { host } = proposal
  const offer = proposal.backends.find((one) => one.backend === settings.backend)
  const time = [
    t(offer?.isEmulated ? 'machines.onboarding.timeSlow' : 'machines.onboarding.timeFast'),
    ...(offer?.canSuspend ? [t('machines.onboarding.resume')] : []),
  ]
  return (
    <KeyValues
      rows={[
        {
          key: t('machines.onboarding.processor'),
          value: t('machines.onboarding.cpus', { count: settings.cpus }),
        },
        {
          key: t('machines.onboarding.memory'),
          value: t('machines.onboarding.memoryText', {
            size: formatBytes(settings.memoryMiB * 1024 ** 2, 'binary'),
          }),
        },
        {
          key: t('machines.onboarding.disk'),
          value: t('machines.onboarding.diskText', {
            size: formatBytes(settings.diskGiB * 1024 ** 3, 'binary'),
            free: formatBytes(host.diskFreeBytes, 'binary'),
          }),
        },
        { key: t('machines.settings.folders'), value: folderWords(t, settings) },
        { key: t('machines.onboarding.image'), value: imageWords(t, proposal) },
        { key: t('machines.onboarding.time'), value: time.join('. ') },
      ]}
    />
  )
}

const folderWords = (t: Translate, { shares }: MachineSettings): string =>
  shares.length === 0
    ? t('machines.settings.wizard.lineNoShares')
    : t('machines.onboarding.sharesText', { paths: shares.map(({ path }) => path).join(', ') })

function imageWords(t: Translate, { imageWay, imageBytes }: MachineProposal): string {
  switch (imageWay) {
    case 'ready':
      return t('machines.onboarding.imageReady')
    case 'download':
      return t('machines.onboarding.imageDownload', { size: formatBytes(imageBytes) })
    case 'build':
      return t('machines.onboarding.imageBuild')
    case 'none':
      return t('machines.onboarding.imageNone')
  }
}
