/** How large a page is shown: 1 fits the width. */
import { computed, ref } from 'vue'
import type { PageWidth } from '@/api/types'

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const

export function useZoom() {
  const zoom = ref(1)
  const at = () => STEPS.findIndex((step) => step >= zoom.value)
  const larger = () => void (zoom.value = STEPS[Math.min(STEPS.length - 1, at() + 1)]!)
  const smaller = () => void (zoom.value = STEPS[Math.max(0, at() - 1)]!)
  const fit = () => void (zoom.value = 1)
  return {
    zoom,
    larger,
    smaller,
    fit,
    atMost: computed(() => zoom.value === STEPS[STEPS.length - 1]),
    atLeast: computed(() => zoom.value === STEPS[0]),
    /** Which picture is sharp enough. */
    width: computed<PageWidth>(() => (zoom.value > 1.25 ? 'close' : 'read')),
  }
}
