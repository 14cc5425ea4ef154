/** How far a call has come. The acts say that it began and how it ended; between them the server is asked. */
import { onScopeDispose, shallowRef } from 'vue'
import { getCall } from '@/api/court'
import type { CallView } from '@/api/types'

const EVERY = 1500
/** The court gives a call up after two hours; whatever is older is over. */
const LONGEST = 3 * 3_600_000

/** Undefined until it is known, null when the call is over. */
export function useCall(room: string, call: string, begun: string) {
  const view = shallowRef<CallView | null | undefined>(Date.now() - Date.parse(begun) > LONGEST ? null : undefined)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function look(): Promise<void> {
    try {
      const now = await getCall(room)
      view.value = now?.call === call ? now : null
    } catch {
      // Asked again: a network that is away says nothing about a call.
    }
    if (!gone && view.value !== null) timer = setTimeout(look, EVERY)
  }

  if (view.value !== null) void look()
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return view
}
