import * as v from 'valibot'
import type {
  ContainerDetail,
  ContainerId,
  FileChange,
  LogItem,
  LogSearchItem,
  PortHolder,
  ProcessTable,
  PrunePlan,
  MadeLike,
  StatSample,
} from '../model'
import { runSpecSchema } from '../model/run-spec'
import { call, stream } from './define'
import { count, engineId, inEngine, ref, text, word } from './fields'

const logArgs = v.object({
  ...ref.entries,
  /** Lines from the end; absent is all. */
  tail: v.optional(count(10_000_000)),
  follow: v.optional(v.boolean(), true),
  /** Unix seconds with fraction. */
  since: v.optional(v.pipe(v.number(), v.minValue(0))),
  until: v.optional(v.pipe(v.number(), v.minValue(0))),
  timestamps: v.optional(v.boolean(), true),
})

const watched = v.object({ refs: v.pipe(v.array(ref), v.maxLength(2000)) })

/**
 * Actions answer when the engine accepted them, and tell nothing about state: that arrives in the
 * inventory feed. Each is a task in the activity feed too, with its `docker` command.
 */
export const containers = {
  'containers.start': call(ref).gives<null>(),
  'containers.stop': call(v.object({ ...ref.entries, timeoutS: v.optional(count(86_400)) })).gives<null>(),
  'containers.restart': call(v.object({ ...ref.entries, timeoutS: v.optional(count(86_400)) })).gives<null>(),
  'containers.pause': call(ref).gives<null>(),
  'containers.resume': call(ref).gives<null>(),
  'containers.kill': call(
    v.object({ ...ref.entries, signal: v.optional(v.pipe(word(16), v.regex(/^[A-Z0-9+]+$/)), 'SIGKILL') }),
  ).gives<null>(),
  'containers.rename': call(
    v.object({ ...ref.entries, name: v.pipe(word(255), v.regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/)) }),
  ).gives<null>(),
  /** `volumes` takes the anonymous volumes with it; `force` kills a running one. */
  'containers.remove': call(
    v.object({
      ...ref.entries,
      force: v.optional(v.boolean(), false),
      volumes: v.optional(v.boolean(), false),
    }),
  ).gives<null>(),
  'containers.prunePlan': call(inEngine).gives<PrunePlan>(),
  /** Removes just these (the plan's entries that the person saw), not whatever stopped meanwhile. */
  'containers.prune': call(v.object({ engine: engineId, ids: v.array(word(128)) })).gives<{
    removed: number
    reclaimedBytes: number
  }>(),
  'containers.inspect': call(ref).gives<ContainerDetail>(),
  'containers.top': call(ref).gives<ProcessTable>(),
  'containers.changes': call(ref).gives<{ changes: FileChange[]; isCut: boolean }>(),
  /** The `docker run` that makes this container, as a spec: what equals the image's default is left out. */
  'containers.spec': call(ref).gives<MadeLike>(),
  /** Pulls when missing, creates, starts. The id comes when the container exists; progress is in the task. */
  'containers.run': call(
    v.object({ engine: engineId, spec: runSpecSchema, start: v.optional(v.boolean(), true) }),
  ).gives<{ id: ContainerId; warnings: string[] }>(),
  'containers.logs': stream(logArgs).of<LogItem>(),
  /** Searches the whole log beside the engine. Throws `engine.unsupported` where no agent reads this log. */
  'containers.searchLogs': stream(
    v.object({
      ...ref.entries,
      /** Text, or an expression of RE2. */
      pattern: word(1024),
      isRegex: v.optional(v.boolean(), false),
      matchCase: v.optional(v.boolean(), false),
      source: v.optional(v.picklist(['all', 'stdout', 'stderr']), 'all'),
      /** At most so many lines are told; all are counted. */
      limit: v.optional(count(10_000), 1000),
    }),
  ).of<LogSearchItem>(),
  /** Live readings of just the asked containers; send `{refs}` to change the set. One engine stream each, none when none is watched. */
  'stats.watch': stream(watched, watched).of<StatSample[], { refs: { engine: string; id: string }[] }>(),
  /** Who holds a host port, and which one is free near it. */
  'ports.check': call(
    v.object({
      engine: engineId,
      port: count(65_535),
      hostIp: v.optional(text(64), ''),
      protocol: v.optional(v.picklist(['tcp', 'udp', 'sctp']), 'tcp'),
    }),
  ).gives<PortHolder>(),
}
