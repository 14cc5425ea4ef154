/** What somebody has begun to write in a room, kept on this device under that person's name. */
import { computed, ref, watch, type Ref } from 'vue'
import { onFarewell, useSession } from '@/stores/session'

const PREFIX = 'weiting.draft.'

/** `to` names the one member it is for: what is begun in private never stands in the public input, and the other way round. */
export function useDraft(room: string, to: () => string | null = () => null): Ref<string> {
  const own = `${PREFIX}${useSession().me?.person ?? ''}.${room}`
  const key = computed(() => (to() ? `${own}.${to()}` : own))
  const draft = ref(read(key.value))
  // At once: a draft that is written a moment later would be written under the next key.
  watch(draft, (text) => write(key.value, text), { flush: 'sync' })
  watch(key, (next) => void (draft.value = read(next)), { flush: 'sync' })
  return draft
}

onFarewell((why) => {
  if (why !== 'logout') return
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
})

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function write(key: string, text: string): void {
  try {
    if (text) localStorage.setItem(key, text)
    else localStorage.removeItem(key)
  } catch {
    // Storage is full or forbidden: the draft then lasts as long as the page.
  }
}
