import '@/lookup/words'
import { addWords } from '@/words/late'
import reckon from '@/words/zh-CN/reckon'

addWords({ reckon })
