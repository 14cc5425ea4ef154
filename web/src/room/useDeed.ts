/** What the bench does with the sitting itself. One key per wish, so that pressing twice does it once. */
import { ref } from 'vue'
import { newKey } from '@/api/client'
import { perform } from '@/api/court'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { NewAct } from '@/api/types'

export function useDeed(room: string) {
  const busy = ref(false)
  const problem = ref<ApiProblem | null>(null)
  let key = newKey()

  /** True when the court has recorded it. */
  async function carryOut(act: NewAct): Promise<boolean> {
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
