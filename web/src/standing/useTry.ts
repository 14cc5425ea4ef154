/** One thing that is being tried: busy until it is done, with the court's words when it is refused. */
import { ref } from 'vue'
import { type ApiProblem, asProblem } from '@/api/problem'

export function useTry() {
  const busy = ref(false)
  const problem = ref<ApiProblem | null>(null)

  /** True when it was done. */
  async function attempt(what: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await what()
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, attempt }
}
