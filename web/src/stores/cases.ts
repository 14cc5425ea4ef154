import { defineStore } from 'pinia'
import { ref } from 'vue'
import { listCases } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { CaseCard } from '@/api/types'
import { onFarewell } from './session'

/** My cases in the chosen capacity, as 首页 and 我的案件 show them. */
export const useCases = defineStore('cases', () => {
  const cases = ref<CaseCard[] | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const loading = ref(false)

  /** Fetches the list again. A failure keeps what is shown and is told in `problem`. */
  async function load(): Promise<void> {
    if (loading.value) return
    loading.value = true
    try {
      cases.value = await listCases()
      problem.value = null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  function reset(): void {
    cases.value = null
    problem.value = null
  }
  onFarewell(reset)

  return { cases, problem, loading, load, reset }
})
