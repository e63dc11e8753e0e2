import { useStore } from 'zustand'
import { connectionStore, type Connection } from './connection'

export const useConnection = (): Connection => useStore(connectionStore)
