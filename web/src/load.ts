import { onScopeDispose, ref, shallowRef } from 'vue'
import { type ApiProblem, asProblem } from '@/api/problem'

/** One thing from the server with its three states: not yet, here, failed. A later call wins over an earlier one. */
export function useLoad<T>(fetch: () => Promise<T>) {
  const value = shallowRef<T | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const loading = ref(false)
  let turn = 0
  onScopeDispose(() => (turn = -1))

  async function load(): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const answer = await fetch()
      if (mine !== turn) return
      value.value = answer
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  void load()
  return { value, problem, loading, load }
}
