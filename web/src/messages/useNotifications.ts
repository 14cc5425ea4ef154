/** The list of notifications: pages of one heading, and the headings with their unread. */
import { computed, ref } from 'vue'
import { inboxCounts, listInbox, readInbox } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Id, InboxOverview, Notification } from '@/api/types'
import { useInbox } from '@/stores/inbox'

export function useNotifications() {
  const inbox = useInbox()
  const category = ref('')
  const categories = ref<InboxOverview['categories']>([])
  const items = ref<Notification[] | null>(null)
  const next = ref<Id | null>(null)
  const busy = ref(false)
  const problem = ref<ApiProblem | null>(null)
  const more = computed(() => next.value !== null)
  /** Counts the questions: an answer to an older one is of no use. */
  let asked = 0

  const query = (before?: Id) => ({ ...(category.value && { category: category.value }), ...(before && { before }) })

  /** Reads the first page anew, and the numbers. A failure keeps what is shown and is told in `problem`. */
  async function load(): Promise<void> {
    const mine = ++asked
    busy.value = true
    try {
      const [page, overview] = await Promise.all([listInbox(query()), inboxCounts()])
      if (mine !== asked) return
      items.value = page.items
      next.value = page.next
      categories.value = overview.categories
      problem.value = null
      inbox.accept(overview)
    } catch (error) {
      if (mine === asked) problem.value = asProblem(error)
    } finally {
      if (mine === asked) busy.value = false
    }
  }

  async function loadMore(): Promise<void> {
    const before = next.value
    if (!before || busy.value) return
    const mine = ++asked
    busy.value = true
    try {
      const page = await listInbox(query(before))
      if (mine !== asked) return
      const known = new Set((items.value ?? []).map((one) => one.id))
      items.value = [...(items.value ?? []), ...page.items.filter((one) => !known.has(one.id))]
      next.value = page.next
      problem.value = null
    } catch (error) {
      if (mine === asked) problem.value = asProblem(error)
    } finally {
      if (mine === asked) busy.value = false
    }
  }

  function choose(code: string): void {
    if (category.value === code) return
    category.value = code
    items.value = null
    void load()
  }

  /** Somebody opens it: it is read here at once, and at the court. A failure leaves it unread there, and the next look says so. */
  function read(one: Notification): void {
    if (one.read) return
    one.read = true
    void readInbox([one.id]).catch(() => undefined)
  }

  return { category, categories, items, more, busy, problem, load, loadMore, choose, read }
}
