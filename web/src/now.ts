import { onScopeDispose, ref } from 'vue'
import { serverNow } from '@/api/clock'

/** The server's time in milliseconds, renewed so often that texts such as 剩 5 分钟 stay true. */
export function useNow(every = 15_000) {
  const now = ref(serverNow())
  const ticker = setInterval(() => (now.value = serverNow()), every)
  onScopeDispose(() => clearInterval(ticker))
  return now
}
