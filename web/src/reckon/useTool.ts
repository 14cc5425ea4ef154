/** The life of a form: what it begins with, what is wrong with it, what came of it. */
import { computed, nextTick, reactive, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { serverNow } from '@/api/clock'
import { ApiProblem, asProblem } from '@/api/problem'
import { useToast } from '@/stores/toast'
import { broughtBy, linkOf } from './link'
import type { Field, Tool, Values, View } from './tool'

/** Today in Beijing by the server's clock. */
export const today = () => new Date(serverNow() + 8 * 3_600_000).toISOString().slice(0, 10)

/** Which kinds of fields a refusal is about, by the first part of its code. */
const KINDS: Record<string, Field['kind'][]> = { amount: ['money'], date: ['date', 'datetime'], rate: ['percent'] }

export function useTool(tool: Tool, path: string) {
  const { t } = useI18n()
  const toast = useToast()
  const data = shallowRef<unknown>(null)
  const ready = ref(!tool.load)
  const failed = ref<ApiProblem | null>(null)
  const values = reactive<Values>({})
  const view = shallowRef<View | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const wrong = ref<string[]>([])
  const busy = ref(false)
  let turn = 0
  const fields = computed(() => (ready.value ? tool.fields(values, data.value) : []))

  function begin(brought: Values | null) {
    for (const key of Object.keys(values)) delete values[key]
    Object.assign(values, tool.start(today(), data.value), brought ?? {})
    view.value = null
    problem.value = null
    wrong.value = []
  }

  async function load() {
    failed.value = null
    try {
      data.value = (await tool.load?.()) ?? null
      begin(broughtBy(location.hash))
      ready.value = true
      await nextTick()
      // A link that brings everything along shows the result at once.
      if (location.hash.startsWith('#in=')) await ask()
    } catch (error) {
      failed.value = asProblem(error)
    }
  }

  // What is shown belongs to what is filled in, or is gone.
  watch(values, () => {
    turn += 1
    busy.value = false
    view.value = null
  })

  async function ask() {
    problem.value = null
    wrong.value = []
    const missing = fields.value.find((field) => field.kind !== 'rows' && field.kind !== 'checks' && field.kind !== 'check' && field.kind !== 'choice' && !field.optional && !values[field.key])
    if (missing) {
      wrong.value = [missing.key]
      problem.value = new ApiProblem(422, { code: 'value.missing', detail: t('reckon.form.missing', { what: missing.label }) })
      return
    }
    const mine = ++turn
    busy.value = true
    try {
      const answer = await tool.ask(values, data.value)
      if (mine === turn) view.value = answer
    } catch (error) {
      if (mine !== turn) return
      const refused = asProblem(error)
      problem.value = refused
      const kinds = KINDS[refused.code.split('.')[0] ?? ''] ?? []
      const about = fields.value.filter((field) => kinds.includes(field.kind))
      // The sentence quotes what it is about; with one field of the kind there is no doubt.
      const quoted = about.filter((field) => typeof values[field.key] === 'string' && values[field.key] !== '' && refused.detail.includes(String(values[field.key])))
      wrong.value = (quoted.length ? quoted : about.length === 1 ? about : []).map((field) => field.key)
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  async function share() {
    const url = location.origin + linkOf(path, values)
    try {
      if (navigator.share) await navigator.share({ title: t(tool.title), url })
      else {
        await navigator.clipboard.writeText(url)
        toast.show(t('reckon.form.shared'), { tone: 'ok' })
      }
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) toast.show(t('reckon.form.notShared'), { tone: 'bad' })
    }
  }

  async function calendar() {
    try {
      await view.value?.calendar?.()
    } catch (error) {
      toast.show(asProblem(error).detail, { tone: 'bad', seconds: 6 })
    }
  }

  void load()
  return { data, ready, failed, load, values, fields, view, problem, wrong, busy, ask, share, calendar, reset: () => begin(null) }
}
