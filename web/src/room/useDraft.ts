/** What somebody has begun to write in a room, kept on this device under that person's name. */
import { ref, watch, type Ref } from 'vue'
import { onFarewell, useSession } from '@/stores/session'

const PREFIX = 'weiting.draft.'

export function useDraft(room: string): Ref<string> {
  const key = `${PREFIX}${useSession().me?.person ?? ''}.${room}`
  const draft = ref(read(key))
  watch(draft, (text) => write(key, text))
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
