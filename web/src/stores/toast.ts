import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Tone = 'plain' | 'ok' | 'bad'

export interface Toast {
  id: number
  text: string
  tone: Tone
  action?: { label: string; run: () => void }
}

/** Short sentences at the foot of the screen. One with an action stays until it is used or dismissed. */
export const useToast = defineStore('toast', () => {
  const current = ref<Toast | null>(null)
  let last = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function show(text: string, options: { tone?: Tone; action?: Toast['action']; seconds?: number } = {}): void {
    clearTimeout(timer)
    const id = ++last
    current.value = { id, text, tone: options.tone ?? 'plain', action: options.action }
    if (!options.action) timer = setTimeout(() => dismiss(id), (options.seconds ?? 3.5) * 1000)
  }

  function dismiss(id?: number): void {
    if (id === undefined || current.value?.id === id) current.value = null
  }

  return { current, show, dismiss }
})
