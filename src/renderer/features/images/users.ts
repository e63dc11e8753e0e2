import { useMemo } from 'react'
import type { Container, Image, ObjectRef } from '../../../shared/model'
import { useRows } from '../../store/inventory'

/** Which containers were made from an image, running or not. */
export function useUsers(): (image: Pick<Image, 'engine' | 'id'>) => readonly Container[] {
  const containers = useRows('containers')
  return useMemo(() => {
    const byImage = new Map<string, Container[]>()
    for (const one of containers) {
      const key = `${one.engine}/${one.imageId}`
      const users = byImage.get(key)
      if (users) users.push(one)
      else byImage.set(key, [one])
    }
    return (image) => byImage.get(`${image.engine}/${image.id}`) ?? []
  }, [containers])
}

/** How people know an image: its first tag, else its short id. */
export const nameOf = (image: Pick<Image, 'tags' | 'id'>): string =>
  image.tags[0] ?? image.id.replace('sha256:', '').slice(0, 12)

/** The run form, beginning with this image. */
export const runPath = (image: Pick<Image, 'engine' | 'tags' | 'id'>): string =>
  `/run?engine=${encodeURIComponent(image.engine)}&image=${encodeURIComponent(image.tags[0] ?? image.id)}`

const part = (ref: ObjectRef): string => `${encodeURIComponent(ref.engine)}/${encodeURIComponent(ref.id)}`

export const imagePath = (ref: ObjectRef, tab?: string): string =>
  `/images/${part(ref)}${tab === undefined ? '' : `/${tab}`}`

/** The page that compares two images; without the second one it asks for it. */
export const comparePath = (before: ObjectRef, after?: ObjectRef): string =>
  `/images/compare/${part(before)}${after ? `/${part(after)}` : ''}`
