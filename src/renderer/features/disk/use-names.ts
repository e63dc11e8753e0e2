import { useMemo } from 'react'
import { useT } from '../../i18n'
import { useRows } from '../../store/inventory'
import type { NamesOf } from './disk-rows'

/** What the inventory calls the objects of one engine. */
export function useNames(engine: string): NamesOf {
  const t = useT()
  const images = useRows('images')
  const containers = useRows('containers')
  const volumes = useRows('volumes')
  return useMemo(() => {
    const names = new Map<string, string>()
    for (const row of images)
      if (row.engine === engine) {
        const untagged = `${row.id.replace(/^sha256:/, '').slice(0, 12)} (${t('disk.untagged')})`
        names.set(`image ${row.id}`, row.tags[0] ?? untagged)
      }
    for (const row of containers) if (row.engine === engine) names.set(`container ${row.id}`, row.name)
    for (const row of volumes) if (row.engine === engine) names.set(`volume ${row.id}`, row.id)
    return ({ kind, id }) => names.get(`${kind} ${id}`)
  }, [engine, images, containers, volumes, t])
}
