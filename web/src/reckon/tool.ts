/** What a tool is: fields to fill in, a question to the server, and how its answer is shown. */
import type { components } from '@/api/schema'

export type Step = components['schemas']['Step']
export type Citation = components['schemas']['Citation']

export interface Values {
  [key: string]: string | boolean | string[] | Values[]
}

export interface Option {
  value: string
  label: string
  /** The heading under which it stands in a long list. */
  group?: string
}

export interface Field {
  key: string
  kind: 'money' | 'date' | 'datetime' | 'percent' | 'number' | 'text' | 'choice' | 'checks' | 'check' | 'rows'
  label: string
  hint?: string
  optional?: boolean
  options?: readonly Option[]
  /** Of `rows`: what one row asks. */
  fields?: (row: Values) => Field[]
  /** Of `rows`: what the button that adds one says, and what a row is called. */
  add?: string
  /** Of `rows`: how many there may be. */
  most?: number
  /** Stands under 更多情形. */
  more?: boolean
}

export interface Fact {
  label: string
  value: string
  /** A number: stands at the right, digits under digits. */
  number?: boolean
  citations?: readonly Citation[]
}

export interface Table {
  caption: string
  /** `whole`: never broken over two lines. */
  columns: { label: string; number?: boolean; whole?: boolean }[]
  rows: string[][]
  foot?: string[]
}

/** Two amounts for each of some steps, drawn as bars. */
export interface Chart {
  title: string
  names: [string, string]
  bars: { label: string; values: [number, number] }[]
}

/** What is shown of an answer. */
export interface View {
  label: string
  headline: string
  /** One line under the headline. */
  note?: string
  /** What is not certain. */
  caution?: string
  facts?: Fact[]
  table?: Table
  chart?: Chart
  reason?: readonly Step[]
  /** A file for the calendar. */
  calendar?: () => Promise<void>
}

export interface Tool<D = unknown> {
  /** Words keys. */
  title: string
  about: string
  load?: () => Promise<D>
  /** What the form begins with, in Beijing's today. */
  start: (today: string, data: D) => Values
  fields: (values: Values, data: D) => Field[]
  ask: (values: Values, data: D) => Promise<View>
}

/** Keeps the types of a tool's own data. */
export const tool = <D>(it: Tool<D>): Tool => it as unknown as Tool

export const text = (values: Values, key: string) => (typeof values[key] === 'string' ? values[key].trim() : '')
export const given = (values: Values, key: string) => text(values, key) || undefined
export const checked = (values: Values, key: string) => values[key] === true
export const list = (values: Values, key: string) => (Array.isArray(values[key]) ? (values[key] as string[]).filter((one) => typeof one === 'string') : [])
export const rows = (values: Values, key: string) => (Array.isArray(values[key]) ? (values[key] as Values[]).filter((one) => typeof one === 'object' && one !== null) : [])
