import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { chooseRole, getMe, logout, logoutEverywhere } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Me, Role } from '@/api/types'

/** Who is logged in. `known` says whether the server has been asked. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false)
  /** Why the server could not be asked. */
  const problem = ref<ApiProblem | null>(null)
  const asking = ref(false)
  let question: Promise<Me | null> | null = null

  const role = computed(() => me.value?.role ?? null)
  /** May schedule sittings in principle; each case says for itself (`may`). */
  const schedules = computed(() => role.value === 'judge' || role.value === 'clerk')

  /** Asks the server once; null means nobody is logged in. Throws ApiProblem when there is no answer. */
  function load(): Promise<Me | null> {
    if (known.value) return Promise.resolve(me.value)
    asking.value = true
    question ??= getMe()
      .then(accept)
      .catch((error: unknown) => {
        problem.value = asProblem(error)
        if (problem.value.status === 401) return accept(null)
        throw problem.value
      })
      .finally(() => {
        question = null
        asking.value = false
      })
    return question
  }

  function accept(value: Me | null): Me | null {
    me.value = value
    known.value = true
    problem.value = null
    return value
  }

  async function choose(next: Role): Promise<void> {
    accept(await chooseRole(next))
  }

  /** Ends the session here or everywhere, and what this device kept of it. */
  async function leave(everywhere: boolean): Promise<void> {
    await (everywhere ? logoutEverywhere() : logout())
    await forget('logout')
  }

  /** The session is over: by the person's wish, or because it expired and the same person may come back. */
  async function forget(why: Farewell = 'expired'): Promise<void> {
    accept(null)
    await Promise.all([...farewells].map((farewell) => Promise.resolve(farewell(why)).catch(() => undefined)))
  }

  return { me, known, problem, asking, role, schedules, load, accept, choose, leave, forget }
})

export type Farewell = 'logout' | 'expired'

const farewells = new Set<(why: Farewell) => void | Promise<void>>()

/** Registers what must be cleared when the person logs out: lists, drafts, the outbox. */
export function onFarewell(farewell: (why: Farewell) => void | Promise<void>): void {
  farewells.add(farewell)
}
