import { useMemo } from 'react'
import type { Container, Volume } from '../../../shared/model'
import { useRows } from '../../store/inventory'

/** Which containers mount a volume, running or not. */
export function useVolumeUsers(): (volume: Pick<Volume, 'engine' | 'id'>) => readonly Container[] {
  const containers = useRows('containers')
  return useMemo(() => {
    const byVolume = new Map<string, Container[]>()
    for (const one of containers) {
      for (const mount of one.mounts) {
        if (mount.type !== 'volume') continue
        const key = `${one.engine}/${mount.source}`
        byVolume.set(key, [...(byVolume.get(key) ?? []), one])
      }
    }
    return (volume) => byVolume.get(`${volume.engine}/${volume.id}`) ?? []
  }, [containers])
}
