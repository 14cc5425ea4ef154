import { type Ref, nextTick, onBeforeUnmount, watch } from 'vue'

/**
 * Drives a native `<dialog>`: it holds the focus, answers Esc, makes the page behind it inert and gives the focus back.
 * `wish` is what the owner wants; `closed` is told when the person closes it.
 */
export function useDialog(element: Ref<HTMLDialogElement | null>, wish: () => boolean, closed: () => void) {
  let before: Element | null = null

  watch(
    wish,
    async (open) => {
      await nextTick()
      const dialog = element.value
      if (!dialog) return
      if (open && !dialog.open) {
        before = document.activeElement
        dialog.showModal()
      } else if (!open && dialog.open) {
        dialog.close()
      }
    },
    { immediate: true, flush: 'post' },
  )

  onBeforeUnmount(() => element.value?.open && element.value.close())

  return {
    /** Esc, or the back gesture on Android. */
    onCancel(event: Event) {
      if (event.target !== element.value) return
      event.preventDefault()
      closed()
    },
    /** After every closing; the browser returns the focus itself unless the opener was removed meanwhile. */
    onClose(event: Event) {
      if (event.target !== element.value) return
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus()
      before = null
      if (wish()) closed()
    },
    /** A press on the veil: the dialog element itself, not its content. */
    onPress(event: MouseEvent) {
      if (event.target === element.value) closed()
    },
  }
}
