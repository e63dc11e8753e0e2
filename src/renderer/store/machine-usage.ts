import type { MachineId, MachineUsage } from '../../shared/model'
import { getClient } from '../api/connection'
import { Readings, useReadings } from './readings'

/** A minute at one reading a second. */
const usage = new Readings<MachineUsage>(60, (id) => getClient().stream('machines.usage', { machine: id }))

/** What a machine takes, oldest first, at most the last minute; read only while `isOn`. */
export const useMachineUsage = (machine: MachineId, isOn: boolean): readonly MachineUsage[] =>
  useReadings(usage, machine, isOn)
