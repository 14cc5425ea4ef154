/** A search box whose words stand in the address, so that a result can be shared and is there again after going back. */
import { onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** How long typing must pause before it is looked for. */
const PAUSE = 300

export function useTyped(look: (words: string) => void) {
  const route = useRoute()
  const router = useRouter()
  const first = typeof route.query.q === 'string' ? route.query.q : ''
  const typed = ref(first)
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  watch(typed, (words) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const q = words.trim()
      void router.replace({ query: { ...route.query, q: q || undefined } })
      look(q)
    }, PAUSE)
  })
  return { typed, first: first.trim() }
}
