import { addWords } from '@/words/late'
import office from '@/words/zh-CN/office'

addWords({ office })
