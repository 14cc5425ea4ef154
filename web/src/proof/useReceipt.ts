import './words'
import { ref } from 'vue'
import { asProblem } from '@/api/problem'
import type { Id } from '@/api/types'
import { useToast } from '@/stores/toast'
import { t } from '@/words'
import { downloadReceipt } from './download'

/** Downloads receipts, one at a time, and says what came of it. `busy` names the act that is being fetched. */
export function useReceipt() {
  const toast = useToast()
  const busy = ref<string | null>(null)

  async function download(room: Id, seq: number): Promise<void> {
    if (busy.value !== null) return
    busy.value = `${room}/${seq}`
    try {
      await downloadReceipt(room, seq)
      toast.show(t('proof.receipt.done'), { tone: 'ok' })
    } catch (error) {
      toast.show(asProblem(error).detail, { tone: 'bad' })
    } finally {
      busy.value = null
    }
  }

  return { busy, download }
}
