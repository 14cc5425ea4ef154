/** Who may see a message, in words. */
import type { Audience, RoomMember } from '@/api/types'

export type Seen = { key: 'onlyBench' } | { key: 'onlyYouAnd'; names: string }

/** Null for what everyone sees. `mine` says that the reader wrote it. */
export function seenBy(
  audience: Audience,
  members: readonly RoomMember[],
  mine: boolean,
  author: { actor: string | null; label: string },
): Seen | null {
  if (audience === 'everyone') return null
  if (audience === 'bench') return { key: 'onlyBench' }
  // In the order of the members, not of the ids in the record.
  const others = members.filter((one) => one.id !== author.actor && audience.members.includes(one.id))
  if (mine) return { key: 'onlyYouAnd', names: others.map((one) => one.name).join('、') }
  const rest = others.filter((one) => !one.me)
  return { key: 'onlyYouAnd', names: [author.label, ...rest.map((one) => one.name)].join('、') }
}
