/** Follows how much is not read over the live connection, through its endings: another role is another session and another socket. */
import type { InboxCounts } from '@/api/types'
import { useLive } from './connection'

const AGAIN = 1_000

export function followInbox(accept: (counts: InboxCounts) => void): () => void {
  let over = false
  let leave: (() => void)[] = []
  let again: ReturnType<typeof setTimeout> | undefined

  function begin(): void {
    if (over) return
    const live = useLive()
    leave = [
      live.inbox(accept),
      live.onState((state) => {
        if (state !== 'ended') return
        clearTimeout(again)
        again = setTimeout(begin, AGAIN)
      }),
    ]
  }
  begin()

  return () => {
    over = true
    clearTimeout(again)
    leave.forEach((one) => one())
  }
}
