/** The dossier of a case as a list: filtered, searched, a page at a time. */
import { watchDebounced } from '@vueuse/core'
import { onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { getDossier } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { DossierEntry, DossierFolder, DossierQuery, DossierRoom, Id } from '@/api/types'

export interface Wanted {
  folder: DossierFolder
  words: string
  kind: '' | NonNullable<DossierQuery['kind']>
  source: '' | NonNullable<DossierQuery['source']>
}

export function useDossier(kase: Id) {
  const wanted = reactive<Wanted>({ folder: 'main', words: '', kind: '', source: '' })
  const entries = shallowRef<DossierEntry[] | null>(null)
  const rooms = shallowRef<DossierRoom[]>([])
  const more = ref(false)
  const loading = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  let turn = 0

  async function ask(after?: Id): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const { folder, words, kind, source } = wanted
      const query: DossierQuery = { folder, q: words.trim() || undefined, kind: kind || undefined, source: source || undefined, after }
      const answer = await getDossier(kase, query)
      if (mine !== turn) return
      entries.value = after ? [...(entries.value ?? []), ...answer.entries] : answer.entries
      rooms.value = answer.rooms
      more.value = answer.more
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const load = () => ask()
  const further = () => ask(entries.value?.at(-1)?.id)
  watch(
    () => [wanted.folder, wanted.kind, wanted.source],
    () => {
      entries.value = null
      void load()
    },
  )
  watchDebounced(() => wanted.words, load, { debounce: 250 })
  onScopeDispose(() => (turn = -1))
  void load()
  return { wanted, entries, rooms, more, loading, problem, load, further }
}
