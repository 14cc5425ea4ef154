/** My messages of one room that the record does not have yet, and the ways to add to them. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { pending } from '@/outbox/optimism'
import type { FileSpeechKind } from '@/api/types'
import type { Entry, FilePart } from '@/outbox/entry'
import { addFile, onOutbox, sent, useOutbox } from '@/outbox/start'
import type { Room } from './useRoom'

/** The one member it is for; null for everyone. Never left out: whoever sends says to whom. */
export type Addressee = string | null

export function useOutgoing(room: Room, takeRemind: () => boolean) {
  const only = (to: Addressee) => (to ? { to: { members: [to] }, ...(takeRemind() && { remind: true }) } : {})

  const entries = shallowRef<Entry[]>([])
  const rows = computed(() => {
    const here = sent.filter((one) => one.entry.room === room.id)
    return pending(room.feed.value, room.me.value, entries.value, here)
  })

  async function refresh(): Promise<void> {
    entries.value = await (await useOutbox()).list(room.id)
  }
  onScopeDispose(onOutbox((changed) => void (changed === room.id && refresh())))
  void refresh()

  watch(
    () => sent.length,
    (count, before) => {
      for (const { entry, receipt } of sent.slice(before, count)) if (entry.room === room.id) room.expect(receipt.seq)
    },
  )

  async function sayText(text: string, to: Addressee): Promise<void> {
    await (await useOutbox()).add(room.id, { kind: 'speech.text', text, ...only(to) }, room.feed.value.head)
  }

  function sayFile(kind: FileSpeechKind, file: File | Blob, facts: Partial<FilePart> & { name: string }, to: Addressee): Promise<Entry> {
    return addFile(room.id, { kind, ...only(to) }, room.feed.value.head, file, facts)
  }

  return { rows, sayText, sayFile }
}
