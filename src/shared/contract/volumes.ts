import * as v from 'valibot'
import type { Json, NetworkId, PrunePlan, VolumeSize } from '../model'
import { call } from './define'
import { engineId, inEngine, pairs, ref, text, word } from './fields'

const volumeName = v.pipe(v.string(), v.regex(/^([a-zA-Z0-9][a-zA-Z0-9_.-]+)?$/), v.maxLength(255))

export const volumes = {
  /** An empty name makes an anonymous volume. */
  'volumes.create': call(
    v.object({
      engine: engineId,
      name: volumeName,
      driver: v.optional(text(255), 'local'),
      options: v.optional(pairs, {}),
      labels: v.optional(pairs, {}),
    }),
  ).gives<{ id: string }>(),
  'volumes.remove': call(v.object({ ...ref.entries, force: v.optional(v.boolean(), false) })).gives<null>(),
  'volumes.inspect': call(ref).gives<Json>(),
  /** Walks the disk on the engine's side: asked for by a person, never by a list. */
  'volumes.sizes': call(inEngine).gives<{ sizes: VolumeSize[] }>(),
  /** `all` also takes named ones. */
  'volumes.prunePlan': call(v.object({ engine: engineId, all: v.boolean() })).gives<PrunePlan>(),
  'volumes.prune': call(v.object({ engine: engineId, ids: v.array(word(1024)) })).gives<{
    removed: number
    reclaimedBytes: number
  }>(),
}

const subnet = v.object({
  subnet: text(64),
  gateway: v.optional(text(64), ''),
  ipRange: v.optional(text(64), ''),
})

export const networks = {
  'networks.create': call(
    v.object({
      engine: engineId,
      name: v.pipe(word(255), v.regex(/^[^/\s]+$/)),
      driver: v.optional(text(64), 'bridge'),
      internal: v.optional(v.boolean(), false),
      attachable: v.optional(v.boolean(), false),
      ipv6: v.optional(v.boolean(), false),
      subnets: v.optional(v.pipe(v.array(subnet), v.maxLength(16)), []),
      options: v.optional(pairs, {}),
      labels: v.optional(pairs, {}),
    }),
  ).gives<{ id: NetworkId }>(),
  'networks.remove': call(ref).gives<null>(),
  'networks.inspect': call(ref).gives<Json>(),
  'networks.connect': call(
    v.object({ ...ref.entries, container: word(128), aliases: v.optional(v.array(word(255)), []) }),
  ).gives<null>(),
  'networks.disconnect': call(
    v.object({ ...ref.entries, container: word(128), force: v.optional(v.boolean(), false) }),
  ).gives<null>(),
  'networks.prunePlan': call(inEngine).gives<PrunePlan>(),
  'networks.prune': call(v.object({ engine: engineId, ids: v.array(word(128)) })).gives<{
    removed: number
  }>(),
}
