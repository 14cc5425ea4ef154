// 我的案件 a page at a time: the server finds and sorts, because a judge may have thousands.
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { watchDebounced } from '@vueuse/core'
import { listCases } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Capacity, CaseCard, CaseOrder, CaseStatus, Role } from '@/api/types'

/** How many cases one page has. */
export const PAGE = 50

export type StatusFilter = CaseStatus | 'all'
export type CapacityFilter = Capacity | 'any'

/** The capacities that somebody in this role may have in a case; one alone is no choice. */
export const CAPACITIES: Partial<Record<Role, Capacity[]>> = {
  judge: ['presiding_judge', 'sole_judge', 'panel_member'],
  clerk: ['court_clerk', 'judge_assistant'],
  party: ['plaintiff', 'defendant', 'third_party'],
  agent: ['plaintiff_agent', 'defendant_agent', 'third_party_agent'],
}

/** The order that a press on 按开庭时间 leads to: soonest, then latest, then back to the latest filed. */
export const nextOrder = (order: CaseOrder): CaseOrder => (order === 'filed' ? 'soonest' : order === 'soonest' ? 'latest' : 'filed')

export function useCaseList(query: string = '') {
  const wanted = reactive({ query, status: 'all' as StatusFilter, capacity: 'any' as CapacityFilter, sort: 'filed' as CaseOrder })
  const cases = shallowRef<CaseCard[] | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const loading = ref(false)
  const complete = ref(false)
  const filtered = computed(() => wanted.query.trim() !== '' || wanted.status !== 'all' || wanted.capacity !== 'any')
  let turn = 0
  onScopeDispose(() => (turn = -1))

  /** Fetches the list anew; a later call wins over an earlier one, and a failure keeps what is shown. */
  async function load(): Promise<void> {
    await fetch(Math.min(200, Math.max(PAGE, cases.value?.length ?? 0)), null)
  }

  /** Fetches the next page. */
  async function more(): Promise<void> {
    if (!loading.value && !complete.value) await fetch(PAGE, cases.value?.at(-1)?.id ?? null)
  }

  async function fetch(limit: number, after: string | null): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const page = await listCases({
        q: wanted.query.trim() || undefined,
        status: wanted.status === 'all' ? undefined : wanted.status,
        capacity: wanted.capacity === 'any' ? undefined : wanted.capacity,
        sort: wanted.sort,
        after: after ?? undefined,
        limit,
      })
      if (mine !== turn) return
      const known = after === null ? [] : (cases.value ?? [])
      const ids = new Set(known.map((card) => card.id))
      cases.value = [...known, ...page.filter((card) => !ids.has(card.id))]
      complete.value = page.length < limit
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  /** Another question: what was found for the last one is not shown under it. */
  function ask(): void {
    cases.value = null
    problem.value = null
    void load()
  }
  watch(() => [wanted.status, wanted.capacity, wanted.sort], ask)
  watchDebounced(() => wanted.query.trim(), ask, { debounce: 250 })

  /** Keeps a list fresh that is short enough to be fetched whole. */
  async function freshen(): Promise<void> {
    if ((cases.value?.length ?? 0) <= 200 && !loading.value) await load()
  }

  return { wanted, cases, problem, loading, complete, filtered, load, more, freshen }
}
