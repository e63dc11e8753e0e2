import type { Container } from '../../../../shared/model'

export interface Grouping {
  readonly byProject: boolean
  /** What is unhealthy stands in a group of its own above all others, whatever the order. */
  readonly unhealthyFirst: boolean
}

/** Sorts before every project: punctuation comes before digits and letters, and a project's id holds a line end. */
export const unhealthyGroup = '!'

/** The same project name on two engines is two projects; lists are in the order of these ids. */
export function groupIdOf(one: Container, grouping: Grouping): string | undefined {
  if (grouping.unhealthyFirst && one.health === 'unhealthy') return unhealthyGroup
  if (!grouping.byProject || one.project === undefined) return undefined
  return `${one.project}\n${one.engine}`
}

export interface GroupSummary {
  /** Absent for the group of the unhealthy. */
  readonly project?: string
  readonly runningCount: number
  readonly unhealthyCount: number
  readonly total: number
}

export function summaryOf(id: string, rows: readonly Container[]): GroupSummary {
  const project = id === unhealthyGroup ? undefined : rows[0]?.project
  return {
    ...(project !== undefined && { project }),
    runningCount: rows.filter((one) => one.state === 'running').length,
    unhealthyCount: rows.filter((one) => one.health === 'unhealthy').length,
    total: rows.length,
  }
}
