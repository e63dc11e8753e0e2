import { useEffect, useState, type ReactNode } from 'react'
import { useT } from '../../../i18n'
import { Loading } from '../../../ui'

interface PictureProps {
  readonly bytes: Uint8Array
  readonly type: string
  readonly name: string
}

/** A picture out of a container. As a `data:` address, which the page's rules permit for pictures alone. */
export function Picture({ bytes, type, name }: PictureProps): ReactNode {
  const t = useT()
  const [address, setAddress] = useState<string>()
  const [isBroken, setIsBroken] = useState(false)
  useEffect(() => {
    const reader = new FileReader()
    reader.onload = () => setAddress(typeof reader.result === 'string' ? reader.result : undefined)
    reader.readAsDataURL(new Blob([new Uint8Array(bytes)], { type }))
    return () => reader.abort()
  }, [bytes, type])
  if (isBroken) return <p className="files__note">{t('files.file.pictureBroken')}</p>
  if (address === undefined) return <Loading label={t('files.file.loading')} />
  return (
    <div className="files__picture">
      <img src={address} alt={t('files.file.picture', { name })} onError={() => setIsBroken(true)} />
    </div>
  )
}
