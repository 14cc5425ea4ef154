/** 清除已读 and 清除全部: asked before, and taken back for a while. */
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { clearInbox, undoClear } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import { useToast } from '@/stores/toast'

/** How long the button to take it back is offered. */
const OFFERED = 8_000

export function useClearing(reload: () => Promise<void>) {
  const { t } = useI18n()
  const toast = useToast()
  const asking = ref<'read' | 'all' | null>(null)
  const clearing = ref(false)
  const refused = ref<ApiProblem | null>(null)

  function ask(what: 'read' | 'all'): void {
    refused.value = null
    asking.value = what
  }

  async function clear(): Promise<void> {
    if (!asking.value || clearing.value) return
    clearing.value = true
    refused.value = null
    try {
      const done = await clearInbox(asking.value)
      asking.value = null
      await reload()
      if (done.cleared === 0) return toast.show(t('inbox.clear.nothing'))
      offer(done)
    } catch (error) {
      refused.value = asProblem(error)
    } finally {
      clearing.value = false
    }
  }

  function offer(done: { cleared: number; undo: string }): void {
    toast.show(t('inbox.clear.done', { n: done.cleared }), { action: { label: t('inbox.clear.undo'), run: () => void takeBack(done.undo) } })
    const offered = toast.current?.id
    setTimeout(() => toast.dismiss(offered), OFFERED)
  }

  async function takeBack(undo: string): Promise<void> {
    toast.dismiss()
    try {
      await undoClear(undo)
      toast.show(t('inbox.clear.undone'), { tone: 'ok' })
    } catch (error) {
      toast.show(asProblem(error).detail, { tone: 'bad' })
    }
    await reload()
  }

  return { asking, clearing, refused, ask, clear }
}
