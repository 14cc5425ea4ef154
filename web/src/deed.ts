/** What somebody does in a room by pressing a button. One key per wish, so that pressing twice does it once. */
import { ref, shallowRef } from 'vue'
import { newKey } from '@/api/client'
import { perform } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Id, NewAct } from '@/api/types'

/** Where the room is known from the beginning. */
export function useDeed(room: Id) {
  const { carryOut, ...rest } = useRoomDeed()
  return { ...rest, carryOut: (act: NewAct) => carryOut(room, act) }
}

/** Where the room is chosen with the deed, as from a dossier. */
export function useRoomDeed() {
  const busy = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  let key = newKey()

  /** True when the court has recorded it. */
  async function carryOut(room: Id, act: NewAct): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await perform(room, act, key)
      key = newKey()
      return true
    } catch (error) {
      problem.value = asProblem(error)
      // A refusal is final for this wish; a lost answer is asked for again under the same key.
      if (!problem.value.passing) key = newKey()
      return false
    } finally {
      busy.value = false
    }
  }

  function reset(): void {
    problem.value = null
    key = newKey()
  }

  return { busy, problem, carryOut, reset }
}
