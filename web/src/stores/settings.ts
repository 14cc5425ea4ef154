import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'
/** 标准, 关怀版, 超大: --fs 1, 1.25, 1.5 (tokens.css). */
export type TypeSize = 'normal' | 'large' | 'huge'

const KEY = 'weiting.settings'
const THEMES: readonly Theme[] = ['auto', 'light', 'dark']
const SIZES: readonly TypeSize[] = ['normal', 'large', 'huge']

/** How the app looks on this device. Kept in localStorage; wrong or missing values give the defaults. */
export const useSettings = defineStore('settings', () => {
  const stored = read()
  const theme = ref<Theme>(stored.theme)
  const type = ref<TypeSize>(stored.type)

  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', (event) => (systemDark.value = event.matches))

  const dark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && systemDark.value))
  const care = computed(() => type.value !== 'normal')

  watch(
    [dark, type],
    () => {
      const root = document.documentElement
      root.dataset.theme = dark.value ? 'dark' : 'light'
      root.dataset.type = type.value
      document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark.value ? '#0F3060' : '#1B4F9C')
    },
    { immediate: true, flush: 'sync' },
  )
  watch([theme, type], () => write({ theme: theme.value, type: type.value }), { flush: 'sync' })

  /** 关怀版 on and off, as the pill on the home page does. */
  function toggleCare(): void {
    type.value = care.value ? 'normal' : 'large'
  }

  return { theme, type, dark, care, toggleCare }
})

function read(): { theme: Theme; type: TypeSize } {
  let value: unknown = null
  try {
    value = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    // Storage may be forbidden or hold something else; the defaults are fine.
  }
  const { theme, type } = (value ?? {}) as { theme?: Theme; type?: TypeSize }
  return {
    theme: theme && THEMES.includes(theme) ? theme : 'auto',
    type: type && SIZES.includes(type) ? type : 'normal',
  }
}

function write(value: { theme: Theme; type: TypeSize }): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(value))
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
