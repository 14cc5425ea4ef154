/** 案件受理费 and 申请费: one table of the law, two forms. */
import { t } from '@/words'
import { type FeeItem, type FeeQuery, getFeeItems, reckonFee } from '../api'
import { yuan } from '../money'
import { type Field, type Tool, type Values, type View, checked, given, list, rows, text, tool } from '../tool'

type Items = FeeItem[]
type Relief = NonNullable<FeeQuery['relief']>

const HALVING = ['mediation', 'withdrawal', 'summary', 'counterclaim', 'third_party'] as const
const APPLICATION = '申请费'

export const itemsOf = async (application: boolean): Promise<Items> => (await getFeeItems()).items.filter((item) => (item.family === APPLICATION) === application)
const option = (item: FeeItem) => ({ value: item.code, label: item.label, group: item.family })
const named = (code: string, items: Items) => items.find((item) => item.code === code)

function amountOf(item: FeeItem | undefined): Field[] {
  if (!item?.asks) return []
  return [{ key: 'amount', kind: 'money', label: item.asks, optional: item.amount_optional, hint: item.standard.length < 70 ? item.standard : undefined }]
}

function relief(values: Values): Field[] {
  const kinds = ['none', 'exempt', 'reduce', 'defer'].map((value) => ({ value, label: t(`reckon.fee.${value}`) }))
  const fields: Field[] = [{ key: 'relief', kind: 'choice', label: t('reckon.fee.relief'), options: kinds, more: true }]
  if (values.relief === 'reduce') fields.push({ key: 'percent', kind: 'percent', label: t('reckon.fee.percent'), more: true })
  if (values.relief === 'exempt') fields.push({ key: 'natural', kind: 'check', label: t('reckon.fee.natural'), more: true })
  return fields
}

export function reliefOf(values: Values): Relief | undefined {
  switch (text(values, 'relief')) {
    case 'exempt':
      return { kind: 'exempt', natural_person: checked(values, 'natural') }
    case 'reduce':
      return { kind: 'reduce', percent: Number.parseInt(text(values, 'percent'), 10) || 0 }
    case 'defer':
      return { kind: 'defer' }
    default:
      return undefined
  }
}

async function ask(query: FeeQuery): Promise<View> {
  const fee = await reckonFee(query)
  const range = fee.low === fee.high ? yuan(fee.low) : `${yuan(fee.low)} – ${yuan(fee.high)}`
  const full = fee.full.low === fee.full.high ? yuan(fee.full.low) : `${yuan(fee.full.low)} – ${yuan(fee.full.high)}`
  const changed = fee.full.low !== fee.low || fee.full.high !== fee.high
  return {
    label: `${fee.label}${fee.label.endsWith('费') ? '' : '，'}${t('reckon.fee.result')}`,
    headline: fee.high === 0 ? fee.text : `${range} ${t('reckon.form.yuan')}`,
    facts: [
      ...(changed ? [{ label: t('reckon.fee.full'), value: `${full} ${t('reckon.form.yuan')}`, number: true }] : []),
      ...(fee.halved ? [{ label: t('reckon.fee.halved'), value: t(`reckon.fee.${fee.halved}`) }] : []),
      { label: t('reckon.fee.payer'), value: `${fee.payment.who}${fee.payment.when}`, citations: fee.payment.citations },
      { label: t('reckon.fee.bearer'), value: fee.bearing, citations: fee.bearing_citations },
    ],
    reason: fee.reason,
  }
}

export const feeCase: Tool = tool<Items>({
  title: 'reckon.fee.case',
  about: 'reckon.fee.caseAbout',
  load: () => itemsOf(false),
  start: (today, items) => ({ code: items[0]?.code ?? '', amount: '', on: today, instance: 'first', halving: [], claims: [], relief: 'none', percent: '', natural: true, wages: false, currency: '', rate: '' }),
  fields: (values, items) => {
    const item = named(text(values, 'code'), items)
    const joined = items.filter((one) => one.joins)
    const claim = (row: Values): Field[] => [
      { key: 'code', kind: 'choice', label: t('reckon.fee.kind'), options: joined.map(option) },
      ...amountOf(named(text(row, 'code') || (joined[0]?.code ?? ''), items)).map((field) => ({ ...field, hint: undefined })),
    ]
    return [
      { key: 'code', kind: 'choice', label: t('reckon.fee.kind'), options: items.map(option) },
      ...amountOf(item),
      { key: 'on', kind: 'date', label: t('reckon.fee.on') },
      ...(item?.halves ? [{ key: 'instance', kind: 'choice', label: t('reckon.fee.instance'), options: ['first', 'appeal', 'retrial'].map((value) => ({ value, label: t(`reckon.fee.${value}`) })) } satisfies Field] : []),
      ...(item?.halves ? [{ key: 'halving', kind: 'checks', label: t('reckon.fee.halving'), options: HALVING.map((value) => ({ value, label: t(`reckon.fee.${value}`) })) } satisfies Field] : []),
      ...(item?.joins ? [{ key: 'claims', kind: 'rows', label: t('reckon.fee.claims'), add: t('reckon.fee.claim'), fields: claim, most: 20, more: true } satisfies Field] : []),
      ...relief(values),
      ...(item?.halves ? [{ key: 'wages', kind: 'check', label: t('reckon.fee.wages'), more: true } satisfies Field] : []),
      ...(item?.asks ? ([{ key: 'currency', kind: 'text', label: t('reckon.fee.currencyName'), optional: true, more: true }, ...(text(values, 'currency') ? [{ key: 'rate', kind: 'text', label: t('reckon.fee.rate'), more: true }] : [])] as Field[]) : []),
    ]
  },
  ask: (values, items) => {
    const item = named(text(values, 'code'), items)
    const currency = text(values, 'currency')
    return ask({
      code: text(values, 'code'),
      on: text(values, 'on'),
      amount: item?.asks ? given(values, 'amount') : undefined,
      claims: item?.joins ? rows(values, 'claims').map((row) => ({ code: text(row, 'code'), amount: given(row, 'amount') })) : [],
      instance: item?.halves ? (text(values, 'instance') as FeeQuery['instance']) : 'first',
      halving: item?.halves ? (list(values, 'halving') as FeeQuery['halving']) : [],
      relief: reliefOf(values),
      wages: item?.halves ? checked(values, 'wages') : false,
      currency: item?.asks && currency ? { name: currency, rate: text(values, 'rate') } : undefined,
    })
  },
})

export const feeApplication: Tool = tool<Items>({
  title: 'reckon.fee.application',
  about: 'reckon.fee.applicationAbout',
  load: () => itemsOf(true),
  start: (today, items) => ({ code: items[0]?.code ?? '', amount: '', on: today, relief: 'none', percent: '', natural: true }),
  fields: (values, items) => [
    { key: 'code', kind: 'choice', label: t('reckon.fee.what'), options: items.map((item) => ({ value: item.code, label: item.label })) },
    ...amountOf(named(text(values, 'code'), items)),
    { key: 'on', kind: 'date', label: t('reckon.fee.on') },
    ...relief(values),
  ],
  ask: (values, items) =>
    ask({ code: text(values, 'code'), on: text(values, 'on'), amount: named(text(values, 'code'), items)?.asks ? given(values, 'amount') : undefined, relief: reliefOf(values) }),
})
