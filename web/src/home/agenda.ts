// What the home page puts first. Pure.
import type { RoomCard } from '@/api/types'

const before = (a: string, b: string) => Date.parse(a) - Date.parse(b)

/** The sitting to go to now: an open one that ends soonest, else the one that waits, else the next to come. */
export function nextSitting(rooms: readonly RoomCard[]): RoomCard | null {
  const pick = (phase: RoomCard['phase'], key: 'opens_at' | 'closes_at') =>
    rooms.filter((room) => room.phase === phase).sort((a, b) => before(a[key], b[key]))[0] ?? null
  return pick('open', 'closes_at') ?? pick('waiting', 'opens_at') ?? pick('scheduled', 'opens_at')
}

/** What wants doing: unread rooms and sittings that can be entered, the most pressing first. */
export function todos(rooms: readonly RoomCard[]): RoomCard[] {
  const going = (room: RoomCard) => room.phase === 'open' || room.phase === 'waiting'
  return rooms
    .filter((room) => room.unread > 0 || going(room))
    .sort(
      (a, b) =>
        Number(going(b)) - Number(going(a)) || Number(b.unread > 0) - Number(a.unread > 0) || before(a.closes_at, b.closes_at),
    )
}
