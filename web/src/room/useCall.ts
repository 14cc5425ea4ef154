/** The virtual call that is on. Acts say that one began and how it ended; between them the server is asked how far it has come. */
import { onScopeDispose, shallowRef, watch } from 'vue'
import { getCall } from '@/api/court'
import type { CallView } from '@/api/types'
import type { Room } from './useRoom'

const EVERY = 1500

/** Null when none is on that I may know of. */
export function useCall(room: Room) {
  const call = shallowRef<CallView | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function look(): Promise<void> {
    clearTimeout(timer)
    try {
      call.value = await getCall(room.id)
    } catch {
      // A network that is away says nothing about a call.
    }
    clearTimeout(timer)
    if (call.value && !gone) timer = setTimeout(look, EVERY)
  }

  // Behind a gate nobody knows of a call.
  watch(room.ready, (ready) => ready && void look(), { immediate: true })
  room.onAct((act) => void (act.kind.startsWith('call.') && look()))
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return call
}
