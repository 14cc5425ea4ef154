/** The transcript of a room as this member sees it: asked for when it is looked at, and again whenever an act says that it changed. */
import { computed, ref, shallowRef } from 'vue'
import { getTranscript } from '@/api/court'
import { asProblem, type ApiProblem } from '@/api/problem'
import type { Transcript } from '@/api/types'
import type { Room } from '../useRoom'

export type TranscriptBook = ReturnType<typeof useTranscript>

/** Whether the transcript is open: one room is looked at at a time, and the tab beside it opens it too. */
export const transcriptOpen = ref(false)

export function useTranscript(room: Room) {
  const answer = shallowRef<Transcript | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)
  let again = false

  async function load(): Promise<void> {
    if (loading.value) return void (again = true)
    loading.value = true
    do {
      again = false
      try {
        answer.value = await getTranscript(room.id)
        problem.value = null
      } catch (error) {
        problem.value = asProblem(error)
      }
    } while (again)
    loading.value = false
  }

  room.onAct((act) => /^(transcript|signature|points)\./.test(act.kind) && answer.value && void load())

  const note = computed(() => room.view.value?.transcript ?? null)
  const mine = computed(() => answer.value?.signatories.find((one) => one.me) ?? null)

  return { room, answer, problem, loading, load, note, mine }
}
