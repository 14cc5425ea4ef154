/** What a screen reader is told when others speak: one sentence, or how many, when several came at once. */
import { onScopeDispose, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Act } from '@/api/types'
import { isText } from '@/feed/types'
import type { Room } from './useRoom'

/** Milliseconds in which messages are gathered. */
const GATHER = 900

export function useAnnouncer(room: Room) {
  const { t } = useI18n()
  const said = ref('')
  let waiting: Act[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  room.onAct((act) => {
    if (act.actor === room.me.value) return
    waiting.push(act)
    timer ??= setTimeout(say, GATHER)
  })

  function say(): void {
    const [first] = waiting
    said.value = waiting.length === 1 && first ? sentence(first) : t('room.newMessages', { n: waiting.length })
    waiting = []
    timer = undefined
  }

  function sentence(act: Act): string {
    return isText(act) ? t('room.heard', { who: `${act.label} ${act.name}`, text: act.text.slice(0, 120) }) : act.sentence
  }

  onScopeDispose(() => clearTimeout(timer))
  return said
}
