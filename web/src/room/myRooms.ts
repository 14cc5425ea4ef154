/** The list at the left of a judge's desk: parts, search, and the way from one room to the next. Pure; 200 rooms are usual. */
import type { Id, RoomCard } from '@/api/types'
import { matches } from '@/search'

export type Part = 'going' | 'coming' | 'over'
export const PARTS: readonly Part[] = ['going', 'coming', 'over']

const PART: Record<RoomCard['phase'], Part> = { open: 'going', scheduled: 'coming', waiting: 'coming', closed: 'over', ended: 'over' }

export const partOf = (room: Pick<RoomCard, 'phase'>): Part => PART[room.phase] ?? 'over'

/** The rooms of one part that answer the query, in the order in which they came. */
export function roomsIn(rooms: readonly RoomCard[], part: Part, query: string): RoomCard[] {
  return rooms.filter((room) => partOf(room) === part && matches(query, [room.case.number, room.case.title, room.case.cause]))
}

export function countParts(rooms: readonly RoomCard[]): Record<Part, number> {
  const count = { going: 0, coming: 0, over: 0 }
  for (const room of rooms) count[partOf(room)] += 1
  return count
}

/** How many cases are not over: a case with two sittings is one. */
export function activeCases(rooms: readonly RoomCard[]): number {
  return new Set(rooms.filter((room) => partOf(room) !== 'over').map((room) => room.case.id)).size
}

/** The room `step` places further in what is shown; from elsewhere the first or the last. None at the ends: the list does not wrap. */
export function roomAfter(shown: readonly RoomCard[], current: Id, step: 1 | -1): RoomCard | undefined {
  const at = shown.findIndex((room) => room.id === current)
  if (at < 0) return step > 0 ? shown[0] : shown[shown.length - 1]
  return shown[at + step]
}
