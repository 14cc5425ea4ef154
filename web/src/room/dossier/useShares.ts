/** What of the case's dossier is shared into a room, as this member sees it: asked for when it is first looked at, and whenever an act changes it. */
import { computed, effectScope, shallowRef } from 'vue'
import { listShares } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Share } from '@/api/types'
import type { Room } from '../useRoom'

export type ShareBook = ReturnType<typeof begin>
const books = new WeakMap<Room, ShareBook>()

/** The book of a room; there is one as long as there is the room. */
export function useShares(room: Room): ShareBook {
  const known = books.get(room)
  if (known) return known
  // It outlives the card that asked first.
  const book = effectScope(true).run(() => begin(room))!
  books.set(room, book)
  return book
}

function begin(room: Room) {
  const shares = shallowRef<Share[] | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = shallowRef(false)
  let again = false

  async function load(): Promise<void> {
    if (loading.value) return void (again = true)
    loading.value = true
    do {
      again = false
      try {
        shares.value = (await listShares(room.id)).shares
        problem.value = null
      } catch (error) {
        problem.value = asProblem(error)
      }
    } while (again)
    loading.value = false
  }

  room.onAct((act) => act.kind.startsWith('dossier.') && void load())
  void load()
  const find = (id: string): Share | undefined => shares.value?.find((one) => one.id === id)
  return { shares, problem, loading, load, find, known: computed(() => shares.value !== null) }
}
