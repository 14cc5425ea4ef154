/** 期间计算: from an event to the last day, for one or for each of several people. */
import { t } from '@/words'
import { type Offered, type PeriodAsk, download, getPeriods, reckonPeriod, reckonPeriodEach } from '../api'
import { day, weekday } from '../money'
import { type Field, type Tool, type Values, type View, given, rows, text, tool } from '../tool'

const withWeekday = (iso: string) => `${day(iso)} ${weekday(iso)}`

function chosen(values: Values, offered: Offered[]) {
  const rule = offered.find((one) => one.rule === text(values, 'rule')) ?? offered[0]
  const variant = rule?.variants.find((one) => one.variant === text(values, 'variant')) ?? rule?.variants[0]
  return { rule, variant }
}

function askOf(values: Values, offered: Offered[]): PeriodAsk {
  const { rule, variant } = chosen(values, offered)
  const start = text(values, variant?.in_hours ? 'moment' : 'start')
  return {
    rule: rule?.rule ?? '',
    variant: variant?.variant ?? '',
    start,
    length: variant?.bound === 'fixed' ? undefined : given(values, 'length'),
    pauses: variant?.pauses.length ? rows(values, 'pauses').map((row) => ({ kind: text(row, 'kind'), from: text(row, 'from'), until: text(row, 'until') })) : [],
    extension: variant?.extension === 'no' ? undefined : given(values, 'extension'),
  }
}

export const periods: Tool = tool<Offered[]>({
  title: 'reckon.period.title',
  about: 'reckon.period.about',
  load: async () => (await getPeriods()).periods,
  start: (today, offered) => ({ rule: offered.find((one) => one.rule === 'appeal')?.rule ?? offered[0]?.rule ?? '', variant: '', start: today, moment: `${today}T09:00`, length: '', pauses: [], extension: '', recipients: [] }),
  fields: (values, offered) => {
    const { rule, variant } = chosen(values, offered)
    if (!rule || !variant) return []
    const pauses = variant.pauses.map(([value, label]) => ({ value: String(value), label: String(label) }))
    const fields: Field[] = [{ key: 'rule', kind: 'choice', label: t('reckon.period.rule'), options: offered.map((one) => ({ value: one.rule, label: one.name, group: one.group })) }]
    if (rule.variants.length > 1) fields.push({ key: 'variant', kind: 'choice', label: t('reckon.period.variant'), options: rule.variants.map((one) => ({ value: one.variant, label: `${one.name || one.event}（${one.length}）` })) })
    fields.push(variant.in_hours ? { key: 'moment', kind: 'datetime', label: `${variant.event}（${t('reckon.period.startAt')}）` } : { key: 'start', kind: 'date', label: `${variant.event}（${t('reckon.period.start')}）`, hint: variant.note || undefined })
    if (variant.bound !== 'fixed') fields.push({ key: 'length', kind: 'text', label: t('reckon.period.length'), optional: true, hint: t('reckon.period.lengthHint', { length: variant.length }) })
    if (pauses.length)
      fields.push({
        key: 'pauses', kind: 'rows', label: t('reckon.period.pauses'), add: t('reckon.period.pause'), more: true,
        fields: () => [
          { key: 'kind', kind: 'choice', label: t('reckon.period.kind'), options: pauses },
          { key: 'from', kind: 'date', label: t('reckon.interest.from') },
          { key: 'until', kind: 'date', label: t('reckon.interest.to') },
        ],
      })
    if (variant.extension !== 'no') fields.push({ key: 'extension', kind: 'text', label: t('reckon.period.extension'), optional: true, hint: t('reckon.period.extensionHint'), more: true })
    if (!variant.in_hours)
      fields.push({
        key: 'recipients', kind: 'rows', label: t('reckon.period.recipients'), hint: t('reckon.period.recipientsHint'), add: t('reckon.period.recipient'), more: true,
        fields: () => [{ key: 'name', kind: 'text', label: t('reckon.period.name') }, { key: 'start', kind: 'date', label: t('reckon.period.received') }],
      })
    return fields
  },
  ask: async (values, offered): Promise<View> => {
    const ask = askOf(values, offered)
    const people = rows(values, 'recipients').map((row) => ({ name: text(row, 'name'), start: text(row, 'start') }))
    if (people.length && !chosen(values, offered).variant?.in_hours) {
      const each = await reckonPeriodEach({ ask: { ...ask, start: people[0]?.start ?? '' }, recipients: people })
      return {
        label: t('reckon.period.allEnded'),
        headline: withWeekday(each.all_ended),
        caution: each.provisional ? t('reckon.period.provisional') : undefined,
        facts: each.effective ? [{ label: t('reckon.period.effective'), value: withWeekday(each.effective) }] : [],
        table: {
          caption: t('reckon.period.each'),
          columns: [{ label: t('reckon.period.recipient') }, { label: t('reckon.period.received') }, { label: t('reckon.period.last') }],
          rows: each.recipients.map((one) => [one.name, day(one.period.start), withWeekday(one.period.last_day)]),
        },
        reason: each.reason.length ? each.reason : (each.recipients[0]?.period.reason ?? []),
      }
    }
    const period = await reckonPeriod(ask)
    return {
      label: `${period.name}，${t('reckon.period.last')}`,
      headline: withWeekday(period.last_day),
      note: period.way === 'after' ? t('reckon.period.byPost') : undefined,
      caution: period.provisional ? t('reckon.period.provisional') : undefined,
      facts: [
        ...(period.ends_at ? [{ label: t('reckon.period.at'), value: `${day(period.ends_at.slice(0, 10))} ${period.ends_at.slice(11, 16)}` }] : []),
        { label: t('reckon.period.who'), value: `${period.who}${period.does}，${period.length}`, citations: period.citations },
        { label: t('reckon.period.event'), value: `${period.event}，${day(period.start)}` },
        { label: t('reckon.period.first'), value: withWeekday(period.first_day) },
        ...(period.counted_to === period.last_day ? [] : [{ label: t('reckon.period.counted'), value: withWeekday(period.counted_to) }]),
        ...(period.working_day_before ? [{ label: t('reckon.period.before'), value: withWeekday(period.working_day_before) }] : []),
      ],
      reason: period.reason,
      calendar: () => download('periods/calendar', ask, `${period.name}-${period.last_day}.ics`),
    }
  },
})
