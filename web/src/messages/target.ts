import type { RouteLocationRaw } from 'vue-router'
import type { Notification } from '@/api/types'

/** Where a notification leads; null where there is nothing (any more) to be opened. */
export function targetOf(item: Pick<Notification, 'topic' | 'room' | 'seq' | 'matter'>): RouteLocationRaw | null {
  if (item.topic === 'report.received') return '/cases/missing/inbox'
  if (item.topic === 'report.answered') return '/cases/missing'
  if (item.topic === 'identity.answered') return '/me/identity'
  if (item.topic === 'device.new') return '/me/devices'
  if (item.topic === 'agency.ended') return '/agency'
  if (!item.room) return null
  const query = { ...(item.seq && { seq: String(item.seq) }), ...(item.matter && { matter: item.matter }) }
  return { path: `/rooms/${item.room}`, query }
}
