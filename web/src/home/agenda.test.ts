import { describe, expect, it } from 'vitest'
import type { Phase, RoomCard } from '@/api/types'
import { nextSitting, todos } from './agenda'

const room = (id: string, phase: Phase, opens: string, closes: string, unread = 0) =>
  ({ id, phase, opens_at: `2026-11-${opens}T01:00:00Z`, closes_at: `2026-11-${closes}T09:00:00Z`, unread }) as RoomCard

describe('what comes next', () => {
  it('is the open sitting that ends soonest, then the waiting, then the coming one', () => {
    const rooms = [
      room('coming', 'scheduled', '21', '22'),
      room('later', 'open', '18', '28'),
      room('soon', 'open', '19', '24'),
      room('waiting', 'waiting', '20', '23'),
    ]
    expect(nextSitting(rooms)?.id).toBe('soon')
    expect(nextSitting(rooms.filter((r) => r.phase !== 'open'))?.id).toBe('waiting')
    expect(nextSitting(rooms.slice(0, 1))?.id).toBe('coming')
    expect(nextSitting([room('over', 'ended', '01', '02'), room('shut', 'closed', '01', '29')])).toBeNull()
  })

  it('lists what wants doing, and leaves the list that it was given alone', () => {
    const rooms = [
      room('over-unread', 'ended', '01', '02', 2),
      room('quiet', 'open', '18', '24'),
      room('unread', 'open', '18', '28', 1),
      room('coming', 'scheduled', '29', '30'),
    ]
    expect(todos(rooms).map((r) => r.id)).toEqual(['unread', 'quiet', 'over-unread'])
    expect(rooms[0]!.id).toBe('over-unread')
  })
})
