import type { EngineId, HostReading } from '../../shared/model'
import { getClient } from '../api/connection'
import { Readings, useReadings } from './readings'

/** Two minutes at one reading in two seconds. */
const usage = new Readings<HostReading>(60, (id) => getClient().stream('host.watch', { engine: id }))

/** What an engine's host uses, oldest first, at most the last two minutes; read only while `isOn`. */
export const useHostUsage = (engine: EngineId, isOn: boolean): readonly HostReading[] =>
  useReadings(usage, engine, isOn)
