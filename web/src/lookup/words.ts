import { addWords } from '@/words/late'
import lookup from '@/words/zh-CN/lookup'

addWords({ lookup })
