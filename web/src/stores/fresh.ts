import { watch } from 'vue'
import { useDocumentVisibility, useIntervalFn, useOnline } from '@vueuse/core'

/** Runs `load` at once, every 20 s while the page is looked at, and when it comes back into view or online. */
export function keepFresh(wanted: () => boolean, load: () => Promise<void>, milliseconds = 20_000): void {
  const visible = useDocumentVisibility()
  const online = useOnline()
  const due = () => wanted() && visible.value === 'visible' && online.value
  watch(due, (now) => now && void load(), { immediate: true })
  useIntervalFn(() => due() && void load(), milliseconds)
}
