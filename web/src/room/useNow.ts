import { onScopeDispose, ref, type Ref } from 'vue'
import { serverNow } from '@/api/clock'

/** The server's time in milliseconds since 1970, refreshed each second while the page is looked at. */
export function useNow(): Ref<number> {
  const now = ref(serverNow())
  const timer = setInterval(() => (now.value = serverNow()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
