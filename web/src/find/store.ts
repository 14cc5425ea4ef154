import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { searchRoom } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Act, Id, Sought } from '@/api/types'
import { onFarewell } from '@/stores/session'

/** Acts of one page. */
const PAGE = 30

/**
 * What is looked for in a room, and what was found. Kept while the room is looked at, so that the way back from a hit leads to
 * the same list; never in the address, where words would stay in the history.
 */
export const useFind = defineStore('find', () => {
  const room = ref<Id>('')
  const words = ref('')
  const member = ref<Id | null>(null)
  /** 2026-11-18 */
  const date = ref<string | null>(null)
  const media = ref(false)
  const acts = shallowRef<readonly Act[] | null>(null)
  const more = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)
  /** The words to which what is shown belongs. */
  const shownFor = ref('')
  let turn = 0

  /** Whether everything is shown. */
  const all = computed(() => !words.value.trim() && !member.value && !date.value && !media.value)

  /** Begins in this room; `anew` forgets what was looked for. */
  function enter(id: Id, anew: boolean): void {
    if (anew || room.value !== id) reset()
    room.value = id
  }

  /** Looks again from the newest on. */
  async function find(): Promise<void> {
    const mine = ++turn
    await fetch(mine)
  }

  /** Looks further back. */
  async function further(): Promise<void> {
    const last = acts.value?.at(-1)
    if (!more.value || loading.value || !last) return
    await fetch(turn, last.seq)
  }

  async function fetch(mine: number, before?: number): Promise<void> {
    loading.value = true
    try {
      const query = words.value.trim()
      const wanted: Sought = { q: query || undefined, member: member.value ?? undefined, date: date.value ?? undefined, media: media.value ? 'true' : undefined }
      const page = await searchRoom(room.value, { ...wanted, before, limit: PAGE })
      if (mine !== turn) return
      acts.value = before === undefined ? page : [...(acts.value ?? []), ...page]
      more.value = page.length === PAGE
      shownFor.value = query
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  /** Everything again. */
  function clear(): void {
    words.value = ''
    member.value = date.value = null
    media.value = false
  }

  function reset(): void {
    turn += 1
    clear()
    room.value = shownFor.value = ''
    acts.value = problem.value = null
    more.value = loading.value = false
  }
  onFarewell(reset)

  return { room, words, member, date, media, acts, more, problem, loading, shownFor, all, enter, find, further, clear }
})
