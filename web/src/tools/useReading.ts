/** A photo on its way to text: brought, read, and deleted whatever happens. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { readText } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { TextRead } from '@/api/types'
import { bring, type Brought } from './bring'

export type ReadingState = 'idle' | 'bringing' | 'reading' | 'queued' | 'done'

/** How often a busy server is asked again. */
const ASKED_AGAIN = 6

export function useReading(wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))) {
  const state = ref<ReadingState>('idle')
  const share = ref(0)
  const text = shallowRef<TextRead | null>(null)
  const problem = ref<ApiProblem | null>(null)
  let current: AbortController | null = null

  async function read(photo: File, turn: number): Promise<void> {
    stop()
    const mine = new AbortController()
    current = mine
    Object.assign(share, { value: 0 })
    problem.value = null
    text.value = null
    state.value = 'bringing'
    let brought: Brought | null = null
    try {
      brought = await bring(photo, photo.name || 'photo.jpg', (part) => (share.value = part), mine.signal)
      const found = await ask(brought.id, turn, mine)
      if (current !== mine) return
      text.value = found
      state.value = 'done'
    } catch (error) {
      if (current !== mine) return
      problem.value = asProblem(error)
      state.value = 'idle'
    } finally {
      // Read, it is gone already; in every other case nobody needs it any more.
      if (brought && text.value === null) brought.remove()
      if (current === mine) current = null
    }
  }

  async function ask(upload: string, turn: number, mine: AbortController): Promise<TextRead> {
    for (let tries = 0; ; tries += 1) {
      state.value = tries === 0 ? 'reading' : 'queued'
      try {
        return await readText(upload, turn, mine.signal)
      } catch (error) {
        const refused = asProblem(error)
        const busy = [408, 423, 503].includes(refused.status) && refused.code !== 'tool_switched_off'
        if (!busy || tries >= ASKED_AGAIN || mine.signal.aborted) throw refused
        await wait(refused.retryAfter ?? 3)
      }
    }
  }

  function stop(): void {
    const mine = current
    current = null
    mine?.abort()
    if (state.value !== 'done') state.value = 'idle'
  }

  function forget(): void {
    stop()
    text.value = null
    problem.value = null
    state.value = 'idle'
  }

  onScopeDispose(stop)
  return { state, share, text, problem, read, stop, forget }
}
