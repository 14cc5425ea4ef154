import { useResizeObserver } from '@vueuse/core'
import { type Ref, ref } from 'vue'

/** Whether the element has more in it than it shows. Then the keyboard must be able to stand in it, to scroll it. */
export function useScrolls(element: Ref<HTMLElement | null>): Ref<boolean> {
  const scrolls = ref(false)
  useResizeObserver(element, ([entry]) => {
    const box = entry!.target
    scrolls.value = box.scrollHeight > box.clientHeight
  })
  return scrolls
}
