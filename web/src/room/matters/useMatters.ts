/** The matters of a room as this member sees them: asked for when the room opens and whenever an act says that one changed. */
import { computed, inject, provide, shallowRef, watch, type InjectionKey } from 'vue'
import { listMatters } from '@/api/court'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Matter, Matters } from '@/api/types'
import type { Room } from '../useRoom'
import { statusAt } from './standing'

export type MatterBook = ReturnType<typeof useMatters>
const BOOK: InjectionKey<MatterBook> = Symbol('matters')

export function useMatters(room: Room) {
  const answer = shallowRef<Matters | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = shallowRef(false)
  let again = false

  async function load(): Promise<void> {
    if (loading.value) return void (again = true)
    loading.value = true
    do {
      again = false
      try {
        answer.value = await listMatters(room.id)
        problem.value = null
      } catch (error) {
        problem.value = asProblem(error)
      }
    } while (again)
    loading.value = false
  }

  const inside = computed(() => room.view.value !== null && room.view.value.gate === null)
  watch(inside, (now) => now && void load(), { immediate: true })
  // Who may be asked changes with the phase and the members. After a break of the connection the acts that were missed come this way too.
  room.onAct((act) => /^(matter|sitting|member)\./.test(act.kind) && void load())

  /** Newest first: what was asked last is looked for first. */
  const list = computed<Matter[]>(() => [...(answer.value?.matters ?? [])].sort((a, b) => b.seq - a.seq))
  const open = computed(() => list.value.filter((one) => statusAt(one, room.now.value) === 'open'))
  const find = (id: string): Matter | undefined => list.value.find((one) => one.id === id)

  const book = { room, list, open, problem, loading, load, find, known: computed(() => answer.value !== null), askable: computed(() => answer.value?.askable ?? []) }
  provide(BOOK, book)
  return book
}

/** The book of the room in which a component stands. */
export function useMatterBook(): MatterBook | null {
  return inject(BOOK, null)
}
