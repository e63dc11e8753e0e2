import { useMemo } from 'react'
import type { Container, Network } from '../../../shared/model'
import { useRows } from '../../store/inventory'

/** Which containers are set to use a network, running or not. */
export function useNetworkUsers(): (network: Pick<Network, 'engine' | 'name'>) => readonly Container[] {
  const containers = useRows('containers')
  return useMemo(() => {
    const byNetwork = new Map<string, Container[]>()
    for (const one of containers) {
      for (const { name } of one.networks) {
        const key = `${one.engine}/${name}`
        const users = byNetwork.get(key)
        if (users) users.push(one)
        else byNetwork.set(key, [one])
      }
    }
    return (network) => byNetwork.get(`${network.engine}/${network.name}`) ?? []
  }, [containers])
}
